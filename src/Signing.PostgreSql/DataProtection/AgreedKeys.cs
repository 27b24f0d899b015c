using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Npgsql;

namespace Signing.PostgreSql;

/// <summary>Has the nodes of a host agree on each new key of the ring.</summary>
/// <remarks>
/// The framework looks at the ring, sees that it needs a key, and makes one: of several nodes that start at once each makes
/// its own. Here one makes a key at a time, and whoever had to wait takes the key that has come since it looked.
/// </remarks>
internal sealed class AgreedKeys(IKeyManager own, Database database) : IKeyManager
{
    // Sealing a new key may take a call to somebody else's vault.
    private const int TimeoutSeconds = 60;

    // As far as the clocks of two nodes may be apart for the framework.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    // Null until somebody looks: who makes a key without having looked wants one whatever there is.
    private volatile HashSet<Guid>? _seen;

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate)
    {
        using NpgsqlConnection connection = database.Open();
        using NpgsqlTransaction transaction = connection.BeginTransaction();
        using NpgsqlCommand alone = database.Command("key_ring.alone", connection, transaction);
        alone.CommandTimeout = TimeoutSeconds;
        alone.ExecuteNonQuery();
        IKey? others = _seen is { } seen
            ? own.GetAllKeys().FirstOrDefault(key => !seen.Contains(key.KeyId) && !key.IsRevoked && key.ActivationDate <= activationDate + ClockSkew && key.ExpirationDate > activationDate)
            : null;

        // The lock is let go when the new key is in the database.
        return others ?? own.CreateNewKey(activationDate, expirationDate);
    }

    public IReadOnlyCollection<IKey> GetAllKeys()
    {
        IReadOnlyCollection<IKey> keys = own.GetAllKeys();
        _seen = [.. keys.Select(key => key.KeyId)];
        return keys;
    }

    public CancellationToken GetCacheExpirationToken() => own.GetCacheExpirationToken();

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => own.RevokeAllKeys(revocationDate, reason);

    public void RevokeKey(Guid keyId, string? reason = null) => own.RevokeKey(keyId, reason);
}
