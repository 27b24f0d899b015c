namespace Signing.AspNetCore;

/// <summary>Says whether the responses of an endpoint are signed; the last one on an endpoint counts.</summary>
/// <param name="sign">Whether they are.</param>
/// <remarks>It needs <c>services.AddResponseSignature()</c> and <c>app.UseResponseSignature()</c>; without them the host does not start.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SignResponseAttribute(bool sign = true) : Attribute
{
    /// <summary>Whether the responses are signed.</summary>
    public bool Sign { get; } = sign;
}
