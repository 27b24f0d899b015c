using Signing.AspNetCore;

namespace Signing.Tests.Credentials.Life;

/// <summary>What the documents say of one credential: written from their words, slow and obvious, and without the rules that it judges.</summary>
internal sealed class ExpectedCredential(string id, string name, string? key, ExpectedCredential? parent)
{
    public string Id => id;

    public string? Key => key;

    public ExpectedCredential? Parent => parent;

    public string Name { get; set; } = name;

    public string[] Scopes { get; set; } = [];

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? End { get; set; }

    public DateTimeOffset? RevokedFrom { get; set; }

    public bool IsSuspended { get; set; }

    public bool IsDeleted { get; set; }

    public List<ExpectedSecret> Secrets { get; } = [];

    public bool IsKeyPair => key is not null;

    public DateTimeOffset? LastInstant => new[] { End, RevokedFrom }.Min();

    public bool IsRevoked(DateTimeOffset now) => RevokedFrom <= now;

    /// <summary>The Secret that was replaced and is still good.</summary>
    public ExpectedSecret? Former(DateTimeOffset now) => IsRevoked(now) ? null : Secrets[..^1].Find(secret => secret.Until > now);

    public bool IsOver(ExpectedSecret secret, DateTimeOffset now) => IsDeleted || IsRevoked(now) || secret.Until <= now;

    public CredentialState StateAt(DateTimeOffset now) => this switch
    {
        _ when IsRevoked(now) => CredentialState.Revoked,
        { IsSuspended: true } => CredentialState.Suspended,
        _ when End <= now => CredentialState.Expired,
        _ when From > now => CredentialState.Scheduled,
        _ when LastInstant <= now.AddDays(14) => CredentialState.ExpiringSoon,
        _ => Former(now) is null ? CredentialState.Active : CredentialState.Rotating,
    };

    /// <summary>Says by which code the holder of a text that is not over is told what became of it.</summary>
    public CredentialStatus Judge(DateTimeOffset now, bool workspaceEnabled, bool applicationSuspended) => this switch
    {
        _ when IsRevoked(now) => CredentialStatus.Revoked,
        _ when !workspaceEnabled => CredentialStatus.WorkspaceDisabled,
        _ when applicationSuspended => CredentialStatus.ApplicationSuspended,
        { IsSuspended: true } => CredentialStatus.Suspended,
        _ when End <= now => CredentialStatus.Expired,
        _ when From > now => CredentialStatus.NotYetValid,
        _ => parent?.Judge(now, workspaceEnabled, applicationSuspended) ?? CredentialStatus.Valid,
    };
}
