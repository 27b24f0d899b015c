using System.Net;
using System.Net.Http.Headers;

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

    /// <summary>Adds what was learnt to what is known by then.</summary>
    public LearntOrigin AddTo(LearntOrigin known) => Kind switch
    {
        LessonKind.ClockOffset => known.WithClockOffset(Learnt.ClockOffset),
        LessonKind.Components => known.WithComponents(Learnt.Components, Learnt.ComponentsIfPresent),
        _ => known,
    };

    private static Lesson FromRefusal(HttpResponseMessage response, HttpRequestMessage request, in Attempt attempt, DateTimeOffset now) => Refusal.CodeOf(response) switch
    {
        "created_in_future" or "too_old" => FromClock(response, in attempt, now),
        "insufficient_coverage" or "missing_signature" or "missing_digest" or null => FromComponents(response, request, in attempt),
        _ => default,
    };

    private static Lesson FromClock(HttpResponseMessage response, in Attempt attempt, DateTimeOffset now)
    {
        // An answer out of a cache tells the time it was made.
        if (response.Headers.Date is not { } date || response.Headers.Age is not null)
        {
            return default;
        }

        TimeSpan offset = date - now;
        return offset.Duration() > MaxClockOffset || (offset - attempt.Learnt.ClockOffset).Duration() <= ClockResolution
            ? default
            : new Lesson(LessonKind.ClockOffset, attempt.Learnt.WithClockOffset(offset), TimeSpan.Zero);
    }

    private static Lesson FromComponents(HttpResponseMessage response, HttpRequestMessage request, in Attempt attempt)
    {
        SigningPolicy policy = attempt.Profile.Signer.Policy;
        var always = new List<string>();
        var ifPresent = new List<string>();
        int room = Math.Min(
            AcceptedComponents.MaxComponents - attempt.Learnt.Components.Count - attempt.Learnt.ComponentsIfPresent.Count,
            SignatureLimits.MaxComponents - policy.Components.Count - policy.CoverIfPresent.Count);
        foreach (string component in AcceptedComponents.Read(response, policy.Tag))
        {
            if (always.Count + ifPresent.Count >= room || SigningProfile.Names(policy.Components, component) || always.Contains(component) || ifPresent.Contains(component))
            {
                continue;
            }

            if (component.StartsWith('@') || (component is "content-digest" && !(SigningProfile.Names(policy.CoverIfPresent, component) && IsPresent(request, component))))
            {
                always.Add(component);
            }
            else if (!SigningProfile.Names(policy.CoverIfPresent, component) && IsPresent(request, component))
            {
                ifPresent.Add(component);
            }
        }

        return always.Count + ifPresent.Count == 0
            ? default
            : new Lesson(LessonKind.Components, attempt.Learnt.WithComponents(always, ifPresent), TimeSpan.Zero);
    }

    private static Lesson FromUnavailable(HttpResponseMessage response, in Attempt attempt, DateTimeOffset now)
    {
        if (response.Headers.RetryAfter is not { } retryAfter || Refusal.CodeOf(response) is not "replay_before_floor")
        {
            return default;
        }

        TimeSpan wait = retryAfter.Delta ?? retryAfter.Date.GetValueOrDefault() - (response.Headers.Date ?? now);
        return wait > MaxWait ? default : new Lesson(LessonKind.ReplayFloor, attempt.Learnt, wait < TimeSpan.Zero ? TimeSpan.Zero : wait);
    }

    private static bool IsPresent(HttpRequestMessage request, string field) =>
        IsPresent(request.Headers, field) || (request.Content is { } content && IsPresent(content.Headers, field));

    private static bool IsPresent(HttpHeaders headers, string field) => headers.NonValidated.Contains(field);
}
