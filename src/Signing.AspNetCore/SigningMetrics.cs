using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Signing.AspNetCore;

/// <summary>Counts verdicts. Tags are the wire code and the scheme: both from lists of ours, never from a message.</summary>
internal sealed class SigningMetrics
{
    public const string StatusTag = "signing.status";
    public const string SchemeTag = "signing.scheme";

    public static readonly ActivitySource Source = new(SignatureDefaults.TelemetryName);

    private readonly Counter<long> _verifications;
    private readonly Counter<long> _responses;

    public SigningMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(SignatureDefaults.TelemetryName);
        _verifications = meter.CreateCounter<long>("signing.verifications", "{request}", "Requests judged by a scheme, by the code of the verdict.");
        _responses = meter.CreateCounter<long>("signing.responses", "{response}", "Responses that were to be signed, by what came of it.");
    }

    /// <summary>How old verified signatures were, for the health of the clock.</summary>
    public SignedTimes Times { get; } = new();

    public void CountResponse(string code) => _responses.Add(1, new KeyValuePair<string, object?>(StatusTag, code));

    public void Count(string code, string scheme)
    {
        if (_verifications.Enabled)
        {
            _verifications.Add(1, new KeyValuePair<string, object?>(StatusTag, code), new KeyValuePair<string, object?>(SchemeTag, scheme));
        }
    }
}
