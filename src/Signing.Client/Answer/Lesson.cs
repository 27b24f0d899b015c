using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace Signing.Client;

/// <summary>Decides what a refusal teaches, and whether the request is worth sending again.</summary>
internal readonly record struct Lesson(LessonKind Kind, LearntOrigin Learnt, TimeSpan Wait)
{
    /// <summary>How far an origin's clock may differ and still be followed.</summary>
    public static readonly TimeSpan MaxClockOffset = TimeSpan.FromHours(1);

    /// <summary>How long a client waits for a server that has just started.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    // Date has whole seconds.
    private static readonly TimeSpan ClockResolution = TimeSpan.FromSeconds(1);

    public static Lesson From(HttpResponseMessage response, HttpRequestMessage request, in Attempt attempt, DateTimeOffset now)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized && RequestSigner.FieldsChanged(request, attempt.Profile, attempt.Fingerprint))
        {
            return new Lesson(LessonKind.RewrittenField, attempt.Learnt, TimeSpan.Zero);
        }

        // Over plain http anybody on the way can write an answer: to set our clock, or to be given a second signature of a
        // request whose first one he has kept, so that it is executed twice.
        if (!Transport.IsTrusted(request.RequestUri!))
        {
            return default;
        }

        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => FromRefusal(response, request, in attempt, now),
            HttpStatusCode.ServiceUnavailable => FromUnavailable(response, in attempt, now),
            _ => default,
        };
    }

    /// <summary>Gets whether it is for later requests as well.</summary>
    public bool IsKept => Kind is LessonKind.ClockOffset or LessonKind.Components or LessonKind.Forgotten;

    /// <summary>Says in the log what was learnt.</summary>
    public void Tell(ILogger log, string host, bool isSentAgain)
    {
        switch (Kind)
        {
            case LessonKind.ClockOffset:
                log.LearntClockOffset(host, Math.Round(Learnt.ClockOffset.TotalSeconds, 1));
                break;
            case LessonKind.Components:
                log.LearntComponents(host, string.Join(' ', Learnt.Components.Concat(Learnt.ComponentsIfPresent)));
                break;
            case LessonKind.Forgotten:
                log.ForgetsComponents(host);
                break;
            case LessonKind.ReplayFloor when isSentAgain:
                log.WaitsForReplayFloor(host, Wait);
                break;
            case LessonKind.RewrittenField when isSentAgain:
                log.FieldWasRewritten(host);
                break;
            case LessonKind.LostAnswer when isSentAgain:
                log.AnswerWasLost(host);
                break;
        }
    }

    /// <summary>Adds what was learnt to what is known by then.</summary>
    public LearntOrigin AddTo(LearntOrigin known) => Kind switch
    {
        LessonKind.ClockOffset => known.WithClockOffset(Learnt.ClockOffset),
        LessonKind.Components => known.WithComponents(Learnt.Components, Learnt.ComponentsIfPresent),
        LessonKind.Forgotten => known.WithoutComponents(Learnt),
        _ => known,
    };

    private static Lesson FromRefusal(HttpResponseMessage response, HttpRequestMessage request, in Attempt attempt, DateTimeOffset now) => Refusal.CodeOf(response) switch
    {
        "created_in_future" or "too_old" or "expired_signature" => FromClock(response, in attempt, now),
        "insufficient_coverage" or "missing_signature" or "missing_digest" or null => FromComponents(response, request, in attempt),
        "invalid_credential" or "missing_component" or "unsupported_component" or "too_large" => FromMisunderstanding(request, in attempt),

        // RFC 9110 §9.2.2: the one that was accepted has been executed, and of these once more is no more than once.
        // Without a nonce the signature is another one in another second alone.
        "replayed" when IdempotentMethods.Contain(request.Method) =>
            new Lesson(LessonKind.LostAnswer, attempt.Learnt, attempt.Profile.Signer.Policy.IncludeNonce ? TimeSpan.Zero : ClockResolution),
        _ => default,
    };

    private static Lesson FromClock(HttpResponseMessage response, in Attempt attempt, DateTimeOffset now)
    {
        // A clock that was learnt and is refused by who does not tell the time is as good as none.
        TimeSpan offset = OffsetOf(response, now) ?? TimeSpan.Zero;
        return (offset - attempt.Learnt.ClockOffset).Duration() <= ClockResolution
            ? default
            : new Lesson(LessonKind.ClockOffset, attempt.Learnt.WithClockOffset(offset), TimeSpan.Zero);
    }

    private static TimeSpan? OffsetOf(HttpResponseMessage response, DateTimeOffset now)
    {
        // An answer out of a cache tells the time it was made; of two dates nobody knows which is whose. Nothing is signed before 1970.
        if (!response.Headers.NonValidated.TryGetValues(FieldNames.Date, out HeaderStringValues dates) || dates.Count != 1
            || response.Headers.Date is not { } date || date < DateTimeOffset.UnixEpoch || response.Headers.Age is not null)
        {
            return null;
        }

        TimeSpan offset = date - now;
        return offset.Duration() > MaxClockOffset ? null : offset;
    }

    private static Lesson FromComponents(HttpResponseMessage response, HttpRequestMessage request, in Attempt attempt)
    {
        SigningPolicy policy = attempt.Profile.Signer.Policy;
        var always = new List<string>();
        var ifPresent = new List<string>();
        int room = Math.Min(
            AcceptedComponents.MaxComponents - attempt.Learnt.Components.Count - attempt.Learnt.ComponentsIfPresent.Count,
            SignatureLimits.MaxComponents - policy.Components.Count - policy.CoverIfPresent.Count);
        bool wantsMore = false;
        foreach (string component in AcceptedComponents.Read(response, policy.Tag))
        {
            // What is known already and is not covered could not be: asking again changes nothing.
            bool isKnown = attempt.Learnt.Components.Contains(component, StringComparer.Ordinal) || attempt.Learnt.ComponentsIfPresent.Contains(component, StringComparer.Ordinal);
            if (isKnown || SigningProfile.Covers(policy.Components, component) || always.Contains(component) || ifPresent.Contains(component))
            {
                continue;
            }

            bool isForAll = component.StartsWith('@') || (component is "content-digest" && !(SigningProfile.Covers(policy.CoverIfPresent, component) && IsPresent(request, component)));
            if (!isForAll && (SigningProfile.Covers(policy.CoverIfPresent, component) || !IsPresent(request, component)))
            {
                continue;
            }

            wantsMore = true;
            if (always.Count + ifPresent.Count < room)
            {
                (isForAll ? always : ifPresent).Add(component);
            }
        }

        // Where there is no room left, what took it may be what nobody asks for any more.
        return always.Count + ifPresent.Count == 0
            ? wantsMore ? Forget(in attempt) : default
            : new Lesson(LessonKind.Components, attempt.Learnt.WithComponents(always, ifPresent), TimeSpan.Zero);
    }

    // The request may be refused because of what was asked for: a server behind a gateway sees another @scheme, say. One with a key
    // of its own is more likely refused because of that, and says nothing of the others.
    private static Lesson FromMisunderstanding(HttpRequestMessage request, in Attempt attempt)
    {
        SigningPolicy policy = attempt.Profile.Signer.Policy;
        SigningPolicy own = attempt.Profile.Unadjusted.Signer.Policy;
        bool coversMore = policy.Components.Count > own.Components.Count || policy.CoverIfPresent.Skip(own.CoverIfPresent.Count).Any(field => IsPresent(request, field));
        return coversMore && ReferenceEquals(attempt.Key, attempt.Profile.Key) ? Forget(in attempt) : default;
    }

    private static Lesson Forget(in Attempt attempt) =>
        attempt.Learnt.Components.Count + attempt.Learnt.ComponentsIfPresent.Count == 0 ? default : new Lesson(LessonKind.Forgotten, attempt.Learnt, TimeSpan.Zero);

    private static Lesson FromUnavailable(HttpResponseMessage response, in Attempt attempt, DateTimeOffset now)
    {
        if (response.Headers.RetryAfter is not { } retryAfter || Refusal.CodeOf(response) is not "replay_before_floor")
        {
            return default;
        }

        TimeSpan wait = retryAfter.Delta ?? retryAfter.Date.GetValueOrDefault() - (response.Headers.Date ?? now);
        if (wait > MaxWait)
        {
            return default;
        }

        // Whose clock is behind signs below the floor for longer than the server says.
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
        return OffsetOf(response, now) is { } offset && offset - attempt.Learnt.ClockOffset > ClockResolution
            ? new Lesson(LessonKind.ClockOffset, attempt.Learnt.WithClockOffset(offset), wait)
            : new Lesson(LessonKind.ReplayFloor, attempt.Learnt, wait);
    }

    private static bool IsPresent(HttpRequestMessage request, string field) =>
        IsPresent(request.Headers, field) || (request.Content is { } content && IsPresent(content.Headers, field));

    private static bool IsPresent(HttpHeaders headers, string field) => headers.NonValidated.Contains(field);
}
