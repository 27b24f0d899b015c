namespace Signing.Tests.Responses.Model;

/// <summary>Says of an answer as it arrives whether it is handed on, or what it is refused as, by the documents and in the order that they name.</summary>
internal static class AnswersModel
{
    private static readonly string[] CoveredIfPresent = ["content-digest", "content-type", "content-encoding", "content-range", "location"];

    /// <summary>Gets the codes of which one is told; none if the answer is handed on.</summary>
    /// <param name="genuine">What the server gave, signed for this request or not signed.</param>
    /// <param name="change">What became of it.</param>
    /// <param name="age">How long ago it was signed by the clock of the client.</param>
    /// <param name="maxBytes">How much content is read.</param>
    /// <param name="isOfContent">Whether the content was read to find out.</param>
    public static HashSet<string> Judge(Answered genuine, AnswerChange change, TimeSpan age, int maxBytes, out bool isOfContent)
    {
        Answered arrived = change.Answer;
        isOfContent = false;
        if (!arrived.IsSigned && arrived[Answered.Mac] is null)
        {
            return ["missing_signature"];
        }

        // Of another exchange or ours: what it covers decides.
        if (change.IsOfAnother)
        {
            return ["invalid_credential", "insufficient_coverage", "missing_component", .. OfTime(age)];
        }

        HashSet<string> policy = [.. OfTime(age)];
        HashSet<string> proof = [.. change.OfSignature];
        foreach (string name in CoveredIfPresent)
        {
            (string? before, string? now) = (genuine[name]?.Trim(), arrived[name]?.Trim());
            _ = (before, now) switch
            {
                (null, not null) => policy.Add("insufficient_coverage"),
                (not null, null) => policy.Add("missing_component"),
                _ => before != now && proof.Add("invalid_credential"),
            };
        }

        _ = genuine.Status != arrived.Status && proof.Add("invalid_credential");
        // Where none of several suits the policy, any of them may be named.
        _ = policy.Count > 0 && arrived[Answered.Input]?.Contains("theirs=", StringComparison.Ordinal) == true && policy.Add("insufficient_coverage");
        bool isReadable = !change.OfSignature.Any(static code => code.StartsWith("malformed", StringComparison.Ordinal));
        if (policy.Count > 0 || proof.Count > 0)
        {
            return policy.Count > 0 ? [.. policy, .. change.OfSignature] : isReadable ? proof : change.OfSignature;
        }

        isOfContent = true;
        if (genuine["content-digest"] is null)
        {
            return arrived.Body.Length > 0 ? ["missing_digest"] : [];
        }

        return arrived.Body.Length > maxBytes ? ["body_too_large"] : arrived.Body.AsSpan().SequenceEqual(genuine.Body) ? [] : ["digest_mismatch"];
    }

    private static IEnumerable<string> OfTime(TimeSpan age) => age > TimeSpan.FromMinutes(5) ? ["too_old"] : age < TimeSpan.FromMinutes(-5) ? ["created_in_future"] : [];
}
