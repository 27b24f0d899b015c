using System.Globalization;

namespace Signing.Tool;

/// <summary>Compares what was sent with what the server saw of it, and says which setting to mend.</summary>
internal sealed class Checkup
{
    private static readonly MismatchCause[] OfForwarding =
        [MismatchCause.AuthorityRewritten, MismatchCause.PortDropped, MismatchCause.PortChanged, MismatchCause.SchemeRewritten, MismatchCause.PathPrefixStripped];

    private readonly List<ComponentDifference> _differences = [];
    private readonly List<string> _advice = [];

    /// <summary>What differs, in the order of the protocol.</summary>
    public IReadOnlyList<ComponentDifference> Differences => _differences;

    /// <summary>One sentence for each thing to mend.</summary>
    public IReadOnlyList<string> Advice => _advice;

    /// <summary>How far the server's clock is ahead of this one, to about half the time that the answer took.</summary>
    public TimeSpan ClockOffset { get; private init; }

    public static Checkup Of(RawRequest sent, (DateTimeOffset From, DateTimeOffset To) times, ServerView view, bool isSigned)
    {
        var checkup = new Checkup { ClockOffset = view.Now - times.From - ((times.To - times.From) / 2) };
        checkup.CompareMessages(sent, view, isSigned);
        checkup.CompareClocks(view, times.To - times.From);
        if (isSigned)
        {
            checkup.LookForLateForwarding(view);
            checkup.CompareCoverage(view);
            checkup.TakeRemedyOfStatus(view);
        }

        return checkup;
    }

    private void CompareMessages(RawRequest sent, ServerView view, bool isSigned)
    {
        IReadOnlyList<ComponentDifference> found = (isSigned ? CarriedSignature.Of(sent, key: null).CompareWith(view.SignatureBase) : null)
            ?? SignatureBaseComparison.Compare(UnsignedBase.Of(sent.MethodText, sent.SchemeText, sent.AuthorityText, sent.Target), BaseOf(view));
        _differences.AddRange(found);
        bool schemeDiffers = view.PublicOrigin is null && !view.Scheme.Equals(sent.SchemeText, StringComparison.OrdinalIgnoreCase);
        bool isForwarding = schemeDiffers || found.Any(difference => OfForwarding.Contains(difference.Cause));
        string address = $"{sent.SchemeText}://{sent.AuthorityText}";
        if (isForwarding && view.PublicOrigin is { } origin)
        {
            // First of all, because the sentences about components look for the cause in a proxy.
            _advice.Add($"The server's PublicOrigin is {Printable.Of(origin)}: correct it to begin with {address}, the address that callers use, prefix included.");
        }

        _advice.AddRange(found.Select(difference => difference.Sentence));
        if (schemeDiffers && !found.Any(difference => difference.Cause == MismatchCause.SchemeRewritten))
        {
            _advice.Add($"The server takes the request for {Printable.Of(view.Scheme)}, and it was sent by {sent.SchemeText}: nothing that is covered depends on it here, but @scheme and @target-uri would not match; use UseForwardedHeaders with XForwardedProto, or set PublicOrigin.");
        }

        if (isForwarding && view.PublicOrigin is null)
        {
            _advice.Add(view.Forwarded.Count > 0
                ? $"A proxy sends {Printable.Of(string.Join(", ", view.Forwarded))}, and the server does not go by it: call app.UseForwardedHeaders before authentication, with XForwardedHost and XForwardedProto and the proxy's address in KnownProxies, or set PublicOrigin to {address}."
                : $"No forwarding header reaches the server: have the proxy pass Host on as it came and send X-Forwarded-Proto, or set PublicOrigin to {address} (the path prefix included, if the proxy takes one off).");
        }
    }

    private void CompareClocks(ServerView view, TimeSpan took)
    {
        // Less than the answer took cannot be told from the way there.
        TimeSpan sure = ClockOffset.Duration() - took;
        bool isBehind = ClockOffset > TimeSpan.Zero;
        string offset = string.Create(CultureInfo.InvariantCulture, $"{ClockOffset.Duration().TotalSeconds:0.0} s");
        if (isBehind && view.MaxAgeSeconds > 0 && sure.TotalSeconds > view.MaxAgeSeconds)
        {
            _advice.Add(string.Create(CultureInfo.InvariantCulture, $"This clock is {offset} behind the server's, which accepts {view.MaxAgeSeconds} s: set one of them (NTP)."));
        }
        else if (!isBehind && sure.TotalSeconds > view.FutureSkewSeconds)
        {
            _advice.Add(string.Create(CultureInfo.InvariantCulture, $"This clock is {offset} ahead of the server's, which accepts {view.FutureSkewSeconds} s: set one of them (NTP)."));
        }
    }

    private void LookForLateForwarding(ServerView view)
    {
        if (_differences.Count == 0 && view.Status == Outcome.Of(SignatureStatus.InvalidCredential).Code && view.Forwarded.Any(name => name.StartsWith("x-original-", StringComparison.OrdinalIgnoreCase)))
        {
            // ASP.NET leaves those fields behind where it has put forwarded values in place; whether that was before or after the verification they do not tell.
            _advice.Add("The server applies forwarding headers, and then sees what was signed: if it does so after it has verified the signature, have it do so before, by calling app.UseForwardedHeaders(), app.UseAuthentication() and app.UseAuthorization() in this order. If it is so already, the Secret differs, or the server does not know this Key.");
        }
    }

    private void CompareCoverage(ServerView view)
    {
        string[] covered = [.. view.Covered.Select(Plain)];
        if (covered.Length == 0 && view.Status == Outcome.Of(SignatureStatus.MissingSignature).Code)
        {
            _advice.Add("The request was signed, and no signature that the server looks for has reached it: usually a proxy or firewall drops fields that it does not know; have it pass on Signature-Input, Signature and Content-Digest. If the API asks for a tag, give it (--tag).");
            return;
        }

        if (covered.Length == 0)
        {
            // What it covers could not be read, which the status says.
            return;
        }

        string[] missing = [.. view.Required.Select(Plain).Where(name => !covered.Contains(name, StringComparer.Ordinal))];
        if (missing.Length > 0)
        {
            _advice.Add($"The server requires components that are not covered: {Printable.Of(string.Join(", ", missing))}; cover them (--cover).");
        }
    }

    // A refusal that nothing explains so far: what its status says.
    private void TakeRemedyOfStatus(ServerView view)
    {
        if (_advice.Count == 0 && view.Status != Outcome.Of(SignatureStatus.Verified).Code)
        {
            _advice.Add(Remedy(view));
        }
    }

    private static string Remedy(ServerView view)
    {
        if (view.Status == Outcome.Of(SignatureStatus.InvalidCredential).Code && view.SignatureBase is not null)
        {
            return "The server saw what was signed, so the Secret differs, or the server does not know this Key.";
        }

        foreach (SignatureStatus status in Enum.GetValues<SignatureStatus>())
        {
            if (Outcome.Of(status).Code == view.Status)
            {
                return $"{Outcome.Of(status).Sentence} {Outcome.Of(status).Remedy}";
            }
        }

        return "The server refuses this caller by the status above; its README names the remedy.";
    }

    private static string Plain(string component) => component.Contains(';', StringComparison.Ordinal) ? component : component.Trim('"');

    private static string BaseOf(ServerView view)
    {
        if (view.PublicOrigin is not { } origin)
        {
            return UnsignedBase.Of(view.Method, view.Scheme, view.Authority, view.Target);
        }

        (string scheme, string authority, string prefix, _) = CalledTarget.Split(origin);
        return UnsignedBase.Of(view.Method, scheme, authority, prefix.TrimEnd('/') + view.Target);
    }
}
