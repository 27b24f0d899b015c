using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Signing.Client;

/// <summary>What the package counts and traces, under its own name. No tag holds a key id, path or address.</summary>
internal static class ClientTelemetry
{
    public const string Name = "Signing.Client";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Signatures = Meter.CreateCounter<long>("signing.client.signatures", "{signature}", "Signatures made, one for each sending.");
    private static readonly Counter<long> Resends = Meter.CreateCounter<long>("signing.client.resends", "{request}", "Requests signed and sent again after a refusal, by what was learnt from it.");

    private static readonly Counter<long> Responses = Meter.CreateCounter<long>("signing.client.responses", "{response}", "Answers whose signature was required, by the code of the verdict.");

    private static readonly Counter<long> Acquisitions = Meter.CreateCounter<long>("signing.client.token_acquisitions", "{acquisition}", "Attempts to get an access token, by where from and with what outcome.");
    private static readonly Counter<long> Replays = Meter.CreateCounter<long>("signing.client.token_replays", "{request}", "Requests sent again with a new access token after a 401.");

    public static Activity? StartSigning() => Activities.StartActivity("Signing.Client.Sign");

    public static Activity? StartAcquiring() => Activities.StartActivity("Signing.Client.AcquireToken");

    public static void CountSignature() => Signatures.Add(1);

    public static void CountResend(LessonKind lesson) => Resends.Add(1, new KeyValuePair<string, object?>("signing.lesson", lesson switch
    {
        LessonKind.ClockOffset => "clock_offset",
        LessonKind.Components => "components",
        LessonKind.ReplayFloor => "replay_floor",
        LessonKind.LostAnswer => "lost_answer",
        _ => "rewritten_field",
    }));

    public static void CountResponse(SignatureStatus verdict) => Responses.Add(1, new KeyValuePair<string, object?>("signing.status", Outcome.Of(verdict).Code));

    public static void CountReplay() => Replays.Add(1);

    public static void CountAcquisition(TokenOrigin origin, TokenReply? failure) => Acquisitions.Add(
        1,
        new KeyValuePair<string, object?>("signing.token_origin", origin switch
        {
            TokenOrigin.Login => "login",
            TokenOrigin.Refresh => "refresh",
            _ => "store",
        }),
        new KeyValuePair<string, object?>("signing.outcome", failure switch
        {
            null => "acquired",
            { IsPermanent: true } => "refused",
            _ => "failed",
        }));
}
