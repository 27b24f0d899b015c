using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace Signing.Client;

/// <summary>Says in one sentence of the log why a server did not know a signature, where its refusal carries the signature base as it saw it.</summary>
/// <remarks>The answer stays what it is, and its content is there for the caller to read.</remarks>
internal static class Mismatch
{
    private const string Unknown = "invalid_credential";
    private const string Missing = "missing_component";
    private const string MediaType = "application/problem+json";

    // A sentence quotes a little of each value; no server is to fill our log with more.
    private const int MaxSentenceLength = 1024;

    // What was sent a moment ago is read again, whatever its times: the server has judged them.
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(7);

    /// <summary>Says whether an answer may tell what the server saw, and somebody would read it.</summary>
    public static bool MayBeTold(HttpResponseMessage response, HttpRequestMessage request, ILogger log) =>
        response.StatusCode == HttpStatusCode.Unauthorized
        && log.IsEnabled(LogLevel.Warning)
        && Transport.IsTrusted(request.RequestUri!)
        && IsProblem(response.Content.Headers.NonValidated)
        && Refusal.CodeOf(response) is Unknown or Missing;

    public static async Task ReportAsync(HttpResponseMessage response, HttpRequestMessage request, Attempt attempt, ClientState state, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> content = await AnswerContent.PeekAsync(response, cancellationToken).ConfigureAwait(false);
        Report(content.Span, Refusal.CodeOf(response) == Missing, request, in attempt, state);
    }

    // Not parsed: that would rewrite what the signature of an answer covers, before it is verified.
    private static bool IsProblem(HttpHeadersNonValidated fields)
    {
        if (!fields.TryGetValues("Content-Type", out HeaderStringValues type) || fields.Contains("Content-Encoding"))
        {
            return false;
        }

        ReadOnlySpan<char> text = type.ToString();
        int end = text.IndexOf(';');
        return (end < 0 ? text : text[..end]).Trim(" \t").Equals(MediaType, StringComparison.OrdinalIgnoreCase);
    }

    private static void Report(ReadOnlySpan<byte> content, bool isMissing, HttpRequestMessage request, in Attempt attempt, ClientState state)
    {
        string host = request.RequestUri!.IdnHost;
        if (RequestSigner.FieldsChanged(request, attempt.Profile, attempt.Fingerprint))
        {
            state.Log.FieldStaysRewritten(host);
            return;
        }

        if (isMissing)
        {
            // What the server says is repeated only where it names what was signed: all of that differs from a base of nothing.
            if (ProblemMember.Find(content, "component") is { } component
                && OwnBase(request, in attempt, state, "") is { } own
                && SignatureBaseComparison.Compare(own, Parameters(own).ToString()).Any(signed => signed.Component == component))
            {
                state.Log.ComponentDiffers(host, $"{component} did not arrive, or has no value there that can be signed: usually a proxy takes the field away. Have it pass the field on, or do not cover it.");
            }

            return;
        }

        if (ProblemMember.Find(content, "signature_base") is not { Length: <= SignatureLimits.MaxSignatureBaseBytes } seen
            || OwnBase(request, in attempt, state, seen) is not { } signed)
        {
            return;
        }

        try
        {
            Report(SignatureBaseComparison.Compare(signed, seen), host, state.Log);
        }
        catch (FormatException)
        {
            // What the server calls its signature base is none: there is nothing to compare, and the refusal says the rest.
        }
    }

    private static void Report(IReadOnlyList<ComponentDifference> differences, string host, ILogger log)
    {
        if (differences.Count == 0)
        {
            log.SecretDiffers(host);
            return;
        }

        // A component with two causes is named twice; the rest can wait until this one is mended.
        string component = differences[0].Component;
        string sentence = string.Join(' ', differences.Where(difference => difference.Component == component).Select(static difference => difference.Sentence));
        sentence = sentence.Length <= MaxSentenceLength ? sentence : sentence[..MaxSentenceLength];
        int others = differences.Select(static difference => difference.Component).Distinct(StringComparer.Ordinal).Count() - 1;
        if (others == 0)
        {
            log.ComponentDiffers(host, sentence);
        }
        else
        {
            log.ComponentsDiffer(host, sentence, others);
        }
    }

    // Of several signatures on the request, the one that the server speaks of.
    private static string? OwnBase(HttpRequestMessage request, in Attempt attempt, ClientState state, string seen)
    {
        SigningPolicy policy = attempt.Profile.Signer.Policy;
        if (policy.Components.Count == 0)
        {
            return null;
        }

        RequestParts parts = RequestParts.Read(request, attempt.Profile.Fields);
        var view = new HttpRequestMessageView(parts);
        var reader = new MessageVerifier(
            new VerificationPolicy { RequiredComponents = [policy.Components[0]], CoveredIfPresent = [], MaxAge = MaxAge, MaxLifetime = MaxLifetime, FieldTypes = policy.FieldTypes },
            new OriginClock(state.Time, attempt.Learnt.ClockOffset));
        string? own = null;
        if (reader.TryRead(view, out SignatureCandidates candidates, out _))
        {
            for (int i = 0; i < candidates.Count; i++)
            {
                string? text = reader.GetSignatureBase(view, candidates[i]);
                own = own is null || (text is not null && Parameters(text).SequenceEqual(Parameters(seen))) ? text : own;
            }
        }

        parts.Clear();
        return own;
    }

    private static ReadOnlySpan<char> Parameters(string signatureBase) => signatureBase.AsSpan(signatureBase.LastIndexOf('\n') + 1);
}
