namespace Signing.AspNetCore;

/// <summary>Says whether the responses of an endpoint are signed; the last one on an endpoint counts.</summary>
/// <param name="sign">Whether they are.</param>
/// <remarks>It has an effect where <c>AddResponseSignature</c> and <c>UseResponseSignature</c> are called.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SignResponseAttribute(bool sign = true) : Attribute
{
    /// <summary>Whether the responses are signed.</summary>
    public bool Sign { get; } = sign;
}
