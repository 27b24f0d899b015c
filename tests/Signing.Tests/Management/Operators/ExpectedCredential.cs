namespace Signing.Tests.Management.Operators;

internal sealed class ExpectedCredential(string id, string name, ExpectedApplication application, ExpectedCredential? parent, DateTimeOffset created, string by) : ExpectedRow(id, name, created, by)
{
    public override string Owner => application.Owner;

    public override string List => "/credentials";

    public ExpectedApplication Application => application;

    public ExpectedCredential? Parent => parent;

    /// <summary>The Key of a KeyPair.</summary>
    public string? Key { get; init; }

    public required string Environment { get; init; }

    public string[] Scopes { get; set; } = [];

    public bool ClientSecretAllowed { get; set; } = true;

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? Expires { get; set; }

    public DateTimeOffset? RevokesAt { get; set; }

    public string? RevokedBy { get; set; }

    public string? RevokedFor { get; set; }

    /// <summary>What is stored: active, suspended or revoked.</summary>
    public string Status { get; set; } = "active";

    public List<ExpectedSecret> Secrets { get; } = [];

    public bool Manages => Scopes.Contains("signing.manage");

    public ExpectedSecret? Current => Secrets.LastOrDefault(secret => secret is { IsDestroyed: false, RetiresAt: null });

    public DateTimeOffset? End => new[] { Expires, RevokesAt }.Min();

    public bool IsRevoked(DateTimeOffset now) => Status == "revoked" || now >= RevokesAt;

    public bool IsRotating(DateTimeOffset now) => !IsRevoked(now) && Secrets.Any(secret => !secret.IsDestroyed && secret.RetiresAt > now);

    /// <summary>Says whether it is in force by itself.</summary>
    public bool IsInForce(DateTimeOffset now) => Status == "active" && !IsRevoked(now) && !(now < NotBefore) && !(now >= Expires);

    /// <summary>Says whether one of its texts must be accepted.</summary>
    public bool Accepts(ExpectedSecret secret, ExpectedWorkspace workspace, DateTimeOffset now) =>
        workspace.Enabled && !application.IsSuspended && IsInForce(now) && !(now >= secret.RetiresAt) && parent?.IsInForce(now) != false;

    /// <summary>Gives the state that it must be shown in.</summary>
    public string State(DateTimeOffset now) =>
        IsRevoked(now) ? "revoked" : Status == "suspended" ? "suspended" : now >= Expires ? "expired" : now < NotBefore ? "scheduled"
            : End - now <= TimeSpan.FromDays(14) ? "expiringSoon" : IsRotating(now) ? "rotating" : "active";

    /// <summary>How often time alone may still change the row.</summary>
    public int Due(DateTimeOffset now) =>
        (Status != "revoked" && IsRevoked(now) ? 1 : 0) + Secrets.Count(secret => !secret.IsDestroyed && secret.RetiresAt <= now);

    /// <summary>Destroys what has ended.</summary>
    public void Settle(DateTimeOffset now)
    {
        bool isRevoked = IsRevoked(now);
        Status = isRevoked ? "revoked" : Status;
        foreach (ExpectedSecret secret in Secrets.Where(secret => isRevoked || secret.RetiresAt <= now))
        {
            secret.IsDestroyed = true;
        }
    }
}
