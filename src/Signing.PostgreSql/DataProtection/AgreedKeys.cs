using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Npgsql;

namespace Signing.PostgreSql;

/// <summary>Has the nodes of a host agree on each new key of the ring.</summary>
/// <remarks>
/// The framework looks at the ring, sees that it needs a key, and makes one: of several nodes that start at once each makes
/// its own. Here one makes a key at a time, and whoever had to wait takes the key that has come since it looked. It would
/// also make one where it cannot open the newest, which is how a node with the wrong certificate leaves a key that no other
/// opens: here such a node makes none, and the others go on with what they have.
/// </remarks>
internal sealed class AgreedKeys(IKeyManager own, Database database, RingRenewal renewal) : IKeyManager
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
        IReadOnlyCollection<IKey> keys = own.GetAllKeys();

        // The lock is let go when the new key is in the database.
        return FindNew(keys, activationDate) ?? FindBesideForeign(keys, activationDate) ?? own.CreateNewKey(activationDate, expirationDate);
    }

    public IReadOnlyCollection<IKey> GetAllKeys()
    {
        IReadOnlyCollection<IKey> keys = own.GetAllKeys();
        _seen = [.. keys.Select(key => key.KeyId)];
        return keys;
    }

    public CancellationToken GetCacheExpirationToken() => CancellationTokenSource.CreateLinkedTokenSource(own.GetCacheExpirationToken(), renewal.Current).Token;

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => own.RevokeAllKeys(revocationDate, reason);

    public void RevokeKey(Guid keyId, string? reason = null) => own.RevokeKey(keyId, reason);

    private IKey? FindNew(IReadOnlyCollection<IKey> keys, DateTimeOffset at) => _seen is { } seen
        ? keys.FirstOrDefault(key => !seen.Contains(key.KeyId) && IsLive(key, at) && Opens(key))
        : null;

    // The framework goes by the key that was activated last, whoever can open it.
    private static IKey? FindBesideForeign(IReadOnlyCollection<IKey> keys, DateTimeOffset at)
    {
        IKey? last = keys.Where(key => key.ActivationDate <= at + ClockSkew).MaxBy(key => key.ActivationDate);
        if (last is null || !IsLive(last, at) || Opens(last))
        {
            return null;
        }

        return keys.Where(key => IsLive(key, at) && Opens(key)).MaxBy(key => key.ActivationDate)
            ?? throw new CryptographicException(
                "The Data Protection key ring in PostgreSQL has keys, and none of them opens on this node, which therefore makes none of its own. "
                + "Give every node the certificate or vault of ProtectKeysWith… that the ring was written with.");
    }

    private static bool IsLive(IKey key, DateTimeOffset at) => !key.IsRevoked && key.ActivationDate <= at + ClockSkew && key.ExpirationDate > at;

    private static bool Opens(IKey key)
    {
        try
        {
            return key.CreateEncryptor() is not null;
        }
        catch (Exception)
        {
            // Whatever the certificate store or the vault throws: the framework cannot use it either, and logs why.
            return false;
        }
    }
}
