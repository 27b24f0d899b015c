namespace Signing.Tests.Docs;

/// <summary>The message of the core's README: a call of a webhook, whose fields have one line each.</summary>
public readonly struct WebhookCall(string authority, string target, IReadOnlyDictionary<string, string> fields) : ISignableMessage
{
    public ReadOnlySpan<char> Method => "POST";

    public ReadOnlySpan<char> Scheme => "https";

    public ReadOnlySpan<char> Authority => authority;

    public ReadOnlySpan<char> RequestTarget => target;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        count = fields.TryGetValue(lowerCaseName.ToString(), out string? value) ? 1 : 0;
        return index < count ? value : default;
    }
}
