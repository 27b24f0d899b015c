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

    public static Activity? StartSigning() => Activities.StartActivity("Signing.Client.Sign");

    public static void CountSignature() => Signatures.Add(1);

    public static void CountResend(LessonKind lesson) => Resends.Add(1, new KeyValuePair<string, object?>("signing.lesson", lesson switch
    {
        LessonKind.ClockOffset => "clock_offset",
        LessonKind.Components => "components",
        LessonKind.ReplayFloor => "replay_floor",
        _ => "rewritten_field",
    }));
}
