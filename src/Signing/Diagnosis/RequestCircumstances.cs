namespace Signing;

/// <summary>States what is known about a captured request beside the request itself.</summary>
public sealed class RequestCircumstances
{
    /// <summary>Gets the policy of the verifier.</summary>
    public VerificationPolicy Policy { get; init; } = new();

    /// <summary>Gets when the request reached the verifier, by the verifier's clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Gets the whole address that the caller called, such as <c>https://api.example.com/v1/orders?id=7</c>, if it is known: a proxy may have passed on another.</summary>
    public string? CalledAddress { get; init; }

    /// <summary>Gets the signature base that the signer signed, if it is known; otherwise it is searched for.</summary>
    public string? SignedBase { get; init; }
}
