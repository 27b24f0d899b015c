using System.Collections.Frozen;

namespace Signing;

/// <summary>RFC 9421 §3.1. States what a signer covers and which parameters it sets.</summary>
/// <remarks>The defaults satisfy the defaults of <see cref="VerificationPolicy"/>. Every value is checked when a <see cref="MessageSigner"/> is made of it.</remarks>
public sealed class SigningPolicy
{
    /// <summary>Creates a policy for requests.</summary>
    public SigningPolicy()
        : this(MessageKind.Request)
    {
    }

    /// <summary>Creates a policy for one kind of message, with the defaults of that kind.</summary>
    /// <param name="target">What is signed.</param>
    public SigningPolicy(MessageKind target)
    {
        Target = target;
        if (target == MessageKind.Response)
        {
            Components = ResponseComponents.Always;
            CoverIfPresent = ResponseComponents.IfPresent;

            // The signature of the request, which is covered, has one.
            IncludeNonce = false;
        }
    }

    /// <summary>Gets the kind of message that is signed.</summary>
    public MessageKind Target { get; }

    /// <summary>Gets the components that are always covered, in this order; a message without one of them is not signed.</summary>
    /// <remarks>
    /// Field names in lower case, <c>@path</c> and the like, or identifiers with their parameters in quotes. For responses <c>@status</c>
    /// is one of them; by default <c>"@method";req</c>, <c>"@authority";req</c>, <c>"@path";req</c> and <c>"@query";req</c> follow.
    /// </remarks>
    public IReadOnlyList<string> Components { get; init; } = ["@method", "@authority", "@path", "@query"];

    /// <summary>Gets the header fields, in lower case, that are covered after those whenever they are present.</summary>
    public IReadOnlyList<string> CoverIfPresent { get; init; } = ["content-digest", "content-type", "content-encoding", "authorization"];

    /// <summary>Gets whether a response covers the signature of the request that it answers, if that has one; <see langword="true"/> unless set, and without effect on requests.</summary>
    public bool CoverRequestSignature { get; init; } = true;

    /// <summary>Gets whether the signatures that the message has already are covered, each by its label as <c>"signature";key="sig"</c>; <see langword="false"/> unless set.</summary>
    /// <remarks>
    /// For whoever hands a message on, such as a gateway: what it signs is then this message of that signer. Verify what is covered first, and let the receiver
    /// verify both: covering a signature says nothing about whether it is in order. A message without one is signed all the same.
    /// </remarks>
    public bool CoverSignatures { get; init; }

    /// <summary>Gets the label, a key of RFC 9651 §3.1.2 of at most 32 characters; a number is appended where the message has it already.</summary>
    public string Label { get; init; } = "sig";

    /// <summary>Gets the tag that tells verifiers what the signature is for, printable ASCII of at most <see cref="SignatureLimits.MaxTagLength"/> characters; <see langword="null"/> sets none.</summary>
    public string? Tag { get; init; }

    /// <summary>Gets how long a signature lasts, in whole seconds, from 1 second to 7 days; <see langword="null"/> leaves it to the verifier's greatest age.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>Gets whether each signature carries 128 random bits, so that no two are equal; without them two equal requests in one second are a replay; responses carry none unless set.</summary>
    public bool IncludeNonce { get; init; } = true;

    /// <summary>Gets whether <c>alg="hmac-sha256"</c> is stated.</summary>
    public bool IncludeAlgorithm { get; init; } = true;

    /// <summary>Gets the types of structured fields, by name in lower case, beyond the registered ones, for components with <c>sf</c> or <c>key</c>.</summary>
    public IReadOnlyDictionary<string, FieldType> FieldTypes { get; init; } = FrozenDictionary<string, FieldType>.Empty;
}
