using System.Diagnostics.Metrics;

namespace Signing.AspNetCore;

/// <summary>Counts what happens to grants. Tags are wire codes and reasons: both from lists of ours, never from a message.</summary>
internal sealed class TokenMetrics
{
    public const string OperationTag = "signing.operation";
    public const string ReasonTag = "signing.reason";

    private readonly Counter<long> _operations;
    private readonly Counter<long> _revocations;

    public TokenMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(SignatureDefaults.TelemetryName);
        _operations = meter.CreateCounter<long>("signing.token.operations", "{operation}", "Logins, refreshes and revocations, by operation and code of the outcome.");
        _revocations = meter.CreateCounter<long>("signing.grant.revocations", "{grant}", "Grants revoked, by reason.");
    }

    public void Count(string operation, string code) =>
        _operations.Add(1, new KeyValuePair<string, object?>(OperationTag, operation), new KeyValuePair<string, object?>(SigningMetrics.StatusTag, code));

    public void CountRevoked(RevocationReason reason) =>
        _revocations.Add(1, new KeyValuePair<string, object?>(ReasonTag, NameOf(reason)));

    private static string NameOf(RevocationReason reason) => reason switch
    {
        RevocationReason.Holder => "holder",
        RevocationReason.Operator => "operator",
        RevocationReason.RefreshReused => "refresh_reused",
        RevocationReason.Parent => "parent",
        _ => "none",
    };
}
