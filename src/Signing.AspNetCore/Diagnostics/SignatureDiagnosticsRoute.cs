namespace Signing.AspNetCore;

/// <summary>Says on an endpoint that it diagnoses signatures: the middleware lets those that fail come to it, and it decides itself whom it tells.</summary>
internal sealed class SignatureDiagnosticsRoute
{
    public static readonly SignatureDiagnosticsRoute Instance = new();

    private SignatureDiagnosticsRoute()
    {
    }
}
