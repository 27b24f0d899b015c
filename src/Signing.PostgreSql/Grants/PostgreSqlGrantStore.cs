using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Keeps grants, master keys and bindings in PostgreSQL, for any number of nodes.</summary>
internal sealed class PostgreSqlGrantStore : IGrantStore
{
    private readonly Database _database;
    private readonly ChangeFeed _feed;
    private readonly GrantCache _cache;
    private readonly GrantLogIns _logIns;
    private readonly GrantRefreshes _refreshes;
    private readonly GrantRevocations _revocations;
    private readonly SharingKeyBindings _bindings;
    private readonly StoredMasterKeys _masterKeys;

    public PostgreSqlGrantStore(Database database, ChangeFeed feed)
    {
        var transactions = new Transactions(database, feed);
        _database = database;
        _feed = feed;
        _cache = new GrantCache(database.Options.Propagation.CacheCapacity);
        _logIns = new GrantLogIns(database, transactions, database.Options.GrantCapacity);
        _refreshes = new GrantRefreshes(transactions);
        _revocations = new GrantRevocations(transactions);
        _bindings = new SharingKeyBindings(database, _cache);
        _masterKeys = new StoredMasterKeys(database, transactions);
        feed.Tell(_cache);
    }

    public bool TryGetCached(UInt128 id, out Grant? grant)
    {
        grant = null;
        return _feed.IsFresh && _cache.TryGet(id, out grant);
    }

    public async ValueTask<Grant?> FindAsync(UInt128 id, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using NpgsqlCommand command = _database.Command("grants.find", connection).GrantId(id);
            return await ReadAsync(id, command, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<GrantInsertion> InsertAsync(Grant grant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return new ValueTask<GrantInsertion>(_logIns.InsertAsync(grant, cancellationToken));
    }

    public ValueTask<GrantRotation> TryRotateAsync(UInt128 id, int sequence, GrantTerms terms, CancellationToken cancellationToken) =>
        new(_refreshes.RotateAsync(id, sequence, terms, cancellationToken));

    // Every node has to know before a predecessor comes again, so the use is in the database when this completes.
    public async ValueTask MarkUsedAsync(UInt128 id, int sequence, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using NpgsqlCommand command = _database.Command("grants.use", connection).GrantId(id).Number("sequence", sequence);
            await ReadAsync(id, command, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<bool> RevokeAsync(UInt128 id, RevocationReason reason, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(reason, RevocationReason.None);
        return new ValueTask<bool>(_revocations.RevokeAsync(id, reason, cancellationToken));
    }

    public ValueTask<int> RevokeAllAsync(GrantOwner owner, string value, RevocationReason reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentOutOfRangeException.ThrowIfEqual(reason, RevocationReason.None);
        return owner == GrantOwner.None || !StoredText.CanBe(value)
            ? new ValueTask<int>(0)
            : new ValueTask<int>(_revocations.RevokeAllAsync(owner, value, reason, cancellationToken));
    }

    public ValueTask<string> BindSharingKeyAsync(string sharingKeyId, string grantee, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sharingKeyId);
        ArgumentNullException.ThrowIfNull(grantee);
        return _feed.IsFresh && _cache.TryGetBinding(sharingKeyId, out string? earlier)
            ? new ValueTask<string>(earlier!)
            : new ValueTask<string>(_bindings.BindAsync(sharingKeyId, grantee, cancellationToken));
    }

    public ValueTask<IReadOnlyList<SealedMasterKey>> GetMasterKeysAsync(CancellationToken cancellationToken) => new(_masterKeys.GetAsync(cancellationToken));

    public ValueTask<SealedMasterKey> AddMasterKeyAsync(SealedMasterKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new ValueTask<SealedMasterKey>(_masterKeys.AddAsync(key, cancellationToken));
    }

    public ValueTask<bool> TryResealMasterKeyAsync(SealedMasterKey earlier, SealedMasterKey later, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(later);
        return new ValueTask<bool>(_masterKeys.TryResealAsync(earlier, later, cancellationToken));
    }

    private async Task<Grant?> ReadAsync(UInt128 id, NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (row.ConfigureAwait(false))
        {
            if (!await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            StoredGrant stored = GrantColumns.Read(row);
            _cache.Keep(id, stored);
            return stored.Grant;
        }
    }
}
