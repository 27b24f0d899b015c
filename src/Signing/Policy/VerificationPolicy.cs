using System.Collections.Frozen;

namespace Signing;

/// <summary>RFC 9421 §3.2.1. States what a signature must cover, carry and respect to be worth a key look-up.</summary>
/// <remarks>The defaults are safe for a request that is verified once, soon after it was signed, or for the response to it. Every value is checked when a <see cref="MessageVerifier"/> is made of it.</remarks>
public sealed class VerificationPolicy
{
    private const string Status = "@status";

    /// <summary>Creates a policy for requests.</summary>
    public VerificationPolicy()
        : this(MessageKind.Request)
    {
    }

    /// <summary>Creates a policy for one kind of message, with the defaults of that kind.</summary>
    /// <param name="target">What is verified.</param>
    public VerificationPolicy(MessageKind target)
    {
        Target = target;
        if (target == MessageKind.Response)
        {
            RequiredComponents = ResponseComponents.Always;
            CoveredIfPresent = ResponseComponents.IfPresent;

            // A request whose signer's clock is behind is accepted for as long, and its response is dated by the other clock.
            FutureSkew = MaxAge;
        }
    }

    /// <summary>Gets the kind of message that is verified.</summary>
    public MessageKind Target { get; }

    /// <summary>Gets the components that must be covered; <c>@target-uri</c> stands for <c>@scheme</c>, <c>@authority</c>, <c>@path</c> and <c>@query</c>.</summary>
    /// <remarks>
    /// Parameters make it another component: write <c>"@query-param";name="id"</c> with its quotes. A policy for responses requires
    /// <c>@status</c>, and by default <c>"@method";req</c>, <c>"@authority";req</c>, <c>"@path";req</c> and <c>"@query";req</c>.
    /// </remarks>
    public IReadOnlyList<string> RequiredComponents { get; init; } = ["@method", "@authority", "@path", "@query"];

    /// <summary>Gets the header fields, in lower case, that must be covered whenever they are present.</summary>
    public IReadOnlyList<string> CoveredIfPresent { get; init; } = ["content-digest", "content-type", "content-encoding", "authorization"];

    /// <summary>Gets whether a response must cover the signature of the request that it answers, if that has one; <see langword="true"/> unless set, and without effect on requests.</summary>
    /// <remarks>Without it the response to an equal request, of earlier or of another caller of the same key, is accepted for this one.</remarks>
    public bool CoverRequestSignature { get; init; } = true;

    /// <summary>Gets the signature parameters that must be there; <c>created</c> and <c>keyid</c> are required in any case.</summary>
    public SignatureParameterNames RequiredParameters
    {
        get;
        init => field = value | SignatureParameterNames.Created | SignatureParameterNames.KeyId;
    }

    = SignatureParameterNames.Created | SignatureParameterNames.KeyId;

    /// <summary>Gets how old a signature may be, in whole seconds, from 1 second to 1 day; 5 minutes unless set.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets how far the signer's clock may be ahead, in whole seconds, from 0 to 5 minutes; 5 seconds unless set, 5 minutes for responses.</summary>
    public TimeSpan FutureSkew { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets how long after <c>created</c> a signature may claim to last, in whole seconds, from 1 second to 7 days; 1 hour unless set.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Gets the tag that selects signatures, at most <see cref="SignatureLimits.MaxTagLength"/> characters; <see langword="null"/> considers all of them but <c>signing-presigned</c>, which is that of URLs.</summary>
    public string? Tag { get; init; }

    /// <summary>Gets whether a parameter that RFC 9421 §2.3 does not define refuses the signature; otherwise it is covered and means nothing.</summary>
    public bool RefuseUnknownParameters { get; init; }

    /// <summary>Gets the types of structured fields, by name in lower case, beyond the registered ones, for components with <c>sf</c> or <c>key</c>.</summary>
    public IReadOnlyDictionary<string, FieldType> FieldTypes { get; init; } = FrozenDictionary<string, FieldType>.Empty;

    internal CoverageRules Compile()
    {
        Require(IsWithin(MaxAge, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)), nameof(MaxAge), "from 1 second to 1 day");
        Require(IsWithin(FutureSkew, TimeSpan.Zero, TimeSpan.FromMinutes(5)), nameof(FutureSkew), "from 0 to 5 minutes");
        Require(IsWithin(MaxLifetime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)), nameof(MaxLifetime), "from 1 second to 7 days");
        Require(Tag is null || Tag.Length <= SignatureLimits.MaxTagLength, nameof(Tag), $"at most {SignatureLimits.MaxTagLength} characters");

        Require(Tag != UrlSignatureBase.Tag, nameof(Tag), $"another than {UrlSignatureBase.Tag}, which is that of URLs");

        // RFC 9421 §7.2.1: a policy that asks for nothing proves nothing.
        Require(RequiredComponents.Count > 0, nameof(RequiredComponents), "at least one component");

        // RFC 9421 §7.3.3: with one key both sides can sign. What tells the two directions apart is what no request can cover.
        Require(Target == MessageKind.Request || RequiredComponents.Contains(Status, StringComparer.Ordinal), nameof(RequiredComponents), $"with {Status} for responses");
        return new CoverageRules(RequiredComponents, CoveredIfPresent, Target, CoverRequestSignature);
    }

    private static bool IsWithin(TimeSpan value, TimeSpan min, TimeSpan max) =>
        value >= min && value <= max && value.Ticks % TimeSpan.TicksPerSecond == 0;

    private static void Require(bool condition, string name, string range)
    {
        if (!condition)
        {
            throw new ArgumentException($"{nameof(VerificationPolicy)}.{name} must be {range}, in whole seconds where it is a time.", name);
        }
    }
}
