using Signing.AspNetCore;

namespace Signing.Tests.Credentials;

/// <summary>A credential as a test wants a source to have it.</summary>
public sealed record CredentialSpec(string Key)
{
    public string Secret { get; init; } = "0123456789abcdef0123456789abcdef";

    public StoredStatus Status { get; init; } = StoredStatus.Active;

    public string? Name { get; init; }

    public string? Application { get; init; }

    public string? Workspace { get; init; }

    public string? Environment { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? Expires { get; init; }
}
