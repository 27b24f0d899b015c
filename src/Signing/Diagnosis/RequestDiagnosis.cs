namespace Signing;

/// <summary>RFC 9421 §3.2. Judges a captured request, signed in header fields or by a presigned URL, with its key and finds what two signature bases alone do not show: the clock, the content, the form of the Secret, and what was signed instead.</summary>
/// <remarks>
/// What was signed instead is searched for: a base that fits the MAC is proof, so that the difference it shows is certain. Only whoever has the Secret can do
/// so; let nobody reach it by way of a server. It allocates and tries up to hundreds of thousands of bases: keep it off the path of requests.
/// </remarks>
public sealed class RequestDiagnosis
{
    private RequestDiagnosis(SignatureStatus status, string? seenBase, List<ComponentDifference> differences, string sentence)
    {
        Status = status;
        SeenBase = seenBase;
        Differences = differences;
        Sentence = sentence;
    }

    /// <summary>The outcome of verifying the request at the moment it was received; no replay memory is asked.</summary>
    public SignatureStatus Status { get; }

    /// <summary>The signature base of the request as captured; <see langword="null"/> if a covered component is not there, or there is no signature.</summary>
    /// <remarks>It may hold a covered token.</remarks>
    public string? SeenBase { get; }

    /// <summary>What differs, with causes; empty if the request verifies, or was refused for something that no comparison explains.</summary>
    public IReadOnlyList<ComponentDifference> Differences { get; }

    /// <summary>The whole answer in one sentence; it shows no Secret and no token.</summary>
    public string Sentence { get; }

    /// <summary>Judges a captured request.</summary>
    /// <param name="message">The request as the verifier received it.</param>
    /// <param name="content">The bytes of its content, as received; empty if it has none.</param>
    /// <param name="keyId">The Key of the signature that is meant; the first signature counts if none has it.</param>
    /// <param name="secret">The Secret, at least 16 bytes in UTF-8.</param>
    /// <param name="circumstances">When the request was received, by which policy it is judged, and what else is known.</param>
    /// <returns>The judgement, favourable or not.</returns>
    /// <exception cref="ArgumentException"><paramref name="keyId"/> or <paramref name="secret"/> is none; the message shows neither.</exception>
    /// <exception cref="FormatException"><see cref="RequestCircumstances.SignedBase"/> is no signature base.</exception>
    public static RequestDiagnosis Diagnose<T>(in T message, byte[] content, string keyId, string secret, RequestCircumstances circumstances)
        where T : ISignableMessage
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(circumstances);
        using var key = new SigningKey(keyId, secret);
        var found = new List<ComponentDifference>();
        if (CapturedUrl.IsSigned(message))
        {
            return DiagnoseUrl(message, content, key, secret, circumstances);
        }

        if (CapturedSignature.Read(message, keyId) is not { } signature)
        {
            new MessageVerifier(circumstances.Policy).TryRead(message, out _, out var refusal);
            return Settle(refusal, null, found);
        }

        if (ClockComparison.Compare(signature, circumstances.Policy, circumstances.ReceivedAt) is { } clock)
        {
            found.Add(new ComponentDifference(SignatureBaseText.Parameters, clock.Cause, $"{SignatureBaseText.Parameters}: {clock.Why}."));
        }

        var seen = CapturedSignature.BaseOf(message, signature.Text, circumstances.Policy);
        if (seen is null)
        {
            AddMissing(message, signature, circumstances.Policy, found);
        }
        else
        {
            MacComparison.Compare(message, signature, seen, key, secret, circumstances, found);
        }

        if (ContentComparison.Compare(message, content) is { } changed)
        {
            found.Add(new ComponentDifference("\"content-digest\"", changed.Cause, $"\"content-digest\" does not match the content: {changed.Why}."));
        }

        return Settle(StatusOf(message, content, key, circumstances), seen, found);
    }

    /// <summary>Verifies a captured request and nothing more: signature, coverage, times and content.</summary>
    internal static SignatureStatus Verify<T>(in T message, byte[] content, string keyId, string secret, RequestCircumstances circumstances)
        where T : ISignableMessage
    {
        using var key = new SigningKey(keyId, secret);
        return StatusOf(message, content, key, circumstances);
    }

    private static RequestDiagnosis DiagnoseUrl<T>(in T message, byte[] content, SigningKey key, string secret, RequestCircumstances circumstances)
        where T : ISignableMessage
    {
        var found = new List<ComponentDifference>();
        var url = CapturedUrl.Read(message);
        if (url is not null)
        {
            var called = new RequestCircumstances
            {
                ReceivedAt = circumstances.ReceivedAt,
                CalledAddress = circumstances.CalledAddress is { } address ? CapturedUrl.WithoutSignature(address) : null,
                SignedBase = circumstances.SignedBase,
            };
            MacComparison.Compare(message, url.Signature, url.Base, key, secret, called, found);
        }

        return Settle(StatusOf(message, content, key, circumstances), url?.Base, found);
    }

    private static RequestDiagnosis Settle(SignatureStatus status, string? seen, List<ComponentDifference> found)
    {
        if (found.Count > 0)
        {
            return new(status, seen, found, string.Join(' ', found.Select(difference => difference.Sentence)));
        }

        var outcome = Outcome.Of(status);
        return new(status, seen, found, status == SignatureStatus.Verified
            ? "The request verifies: signature, coverage, times and content are in order."
            : $"{outcome.Sentence} {outcome.Remedy}");
    }

    private static void AddMissing<T>(in T message, CapturedSignature signature, VerificationPolicy policy, List<ComponentDifference> found)
        where T : ISignableMessage
    {
        // RFC 9112 §3.2: a request line has no such characters, and without a target nothing derived from it has a value.
        var unencoded = message.RequestTarget.IndexOfAnyExceptInRange('!', '~');
        if (unencoded >= 0)
        {
            var (component, cause) = message.RequestTarget[..unencoded].Contains('?') ? ("\"@query\"", MismatchCause.QueryReencoded) : ("\"@path\"", MismatchCause.PathDecoded);
            found.Add(new ComponentDifference(component, cause, $"{component} holds characters that have to be percent-encoded in a request line: usually a log or a framework shows it decoded; take the request line as it was received, and sign it as it is sent."));
            return;
        }

        foreach (var component in signature.Components)
        {
            if (CapturedSignature.BaseOf(message, $"({component})", policy) is null)
            {
                found.Add(new ComponentDifference(component, MismatchCause.ComponentMissing, $"{component} is covered and not in the request, or has no value that can be signed: usually a proxy takes the field away; have it pass the field on, or do not cover it."));
            }
        }
    }

    private static SignatureStatus StatusOf<T>(in T message, byte[] content, SigningKey key, RequestCircumstances circumstances)
        where T : ISignableMessage
    {
        var clock = new StandingClock(circumstances.ReceivedAt);
        if (CapturedUrl.IsSigned(message))
        {
            return CapturedUrl.Verify(message, content, key, circumstances.Policy, clock);
        }

        var verifier = new MessageVerifier(circumstances.Policy, clock);
        if (!verifier.TryRead(message, out var candidates, out var status))
        {
            return status;
        }

        for (var i = 0; i < candidates.Count; i++)
        {
            status = verifier.Verify(message, candidates[i], key, out _);
            if (status == SignatureStatus.Verified)
            {
                return CheckContent(message, content, candidates[i].CoversContentDigest);
            }
        }

        return status;
    }

    private static SignatureStatus CheckContent<T>(in T message, byte[] content, bool isCovered)
        where T : ISignableMessage
    {
        if (!isCovered)
        {
            return content.Length == 0 ? SignatureStatus.Verified : SignatureStatus.MissingDigest;
        }

        return ContentDigest.TryRead(message, out var expected, out var refusal) ? ContentComparison.Verify(content, expected) : refusal;
    }
}
