using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Keeps credentials in PostgreSQL, shared by any number of nodes; what requests ask for is kept in memory as long as the node hears of changes.</summary>
/// <remarks>
/// <code>
/// look-up   memory, while the feed is fresh ─▶ else one statement: the row, and the last change it has seen ─▶ kept, unless a later change has come
/// change    lock of all writers ─▶ rows written and checked ─▶ audit ─▶ notes ─▶ commit ─▶ forgotten here ─▶ answered; the other nodes hear of it
/// </code>
/// </remarks>
internal sealed class PostgreSqlCredentialStore : ICredentialStore
{
    private readonly Database _database;
    private readonly ChangeFeed _feed;
    private readonly CredentialLookUps _known;
    private readonly CredentialReading _reading;
    private readonly CredentialChanging _changing;

    public PostgreSqlCredentialStore(Database database, ChangeFeed feed, SecretSeal seal, RingRenewal ring)
    {
        _database = database;
        _feed = feed;
        var secrets = new OpenedSecrets(seal, ring, database.Options.Propagation.CacheCapacity);
        _known = new CredentialLookUps(database.Options.Propagation.CacheCapacity, secrets);
        _reading = new CredentialReading(database, feed, _known, secrets);
        _changing = new CredentialChanging(database, feed, secrets);
        feed.Tell(_known);
    }

    public bool TryGetCached(ReadOnlySpan<char> key, out Credential? credential)
    {
        credential = null;
        return _feed.IsFresh && _known.ByKey.TryGet(key, out credential);
    }

    public async ValueTask<Credential?> FindAsync(string key, CancellationToken cancellationToken)
    {
        // No Key is longer, nor one that the database could not hold: memory is not for those that strangers make up.
        if (key.Length is 0 or > SignatureLimits.MaxKeyIdLength || !StoredText.CanBe(key))
        {
            return null;
        }

        return await _reading.FindAsync(key, cancellationToken).ConfigureAwait(false);
    }

    public bool TryGetCached(in TokenHash hash, out Credential? token)
    {
        token = null;
        return _feed.IsFresh && _known.ByHash.TryGet(hash, out token);
    }

    ValueTask<Credential?> IApiTokenSource.FindAsync(TokenHash hash, CancellationToken cancellationToken) => _reading.FindAsync(hash, cancellationToken);

    ValueTask<SharingKey?> ISharingKeySource.FindAsync(TokenHash hash, CancellationToken cancellationToken) => _reading.FindSharingKeyAsync(hash, cancellationToken);

    public bool TryGetCached(string id, out SharingKey? key)
    {
        key = null;
        return _feed.IsFresh && _known.SharingKeys.TryGet(id, out key);
    }

    public async ValueTask<SharingKey?> FindByIdAsync(string id, CancellationToken cancellationToken)
    {
        return StoredText.CanBe(id) ? await _reading.FindSharingKeyAsync(id, cancellationToken).ConfigureAwait(false) : null;
    }

    public async ValueTask<T?> GetAsync<T>(string id, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        ArgumentNullException.ThrowIfNull(id);
        RowTable table = CredentialTransaction.TableOf(typeof(T));
        if (!StoredText.CanBe(id))
        {
            return null;
        }

        return (T?)(await AskAsync(session => table.GetAsync(session, [id], cancellationToken), cancellationToken).ConfigureAwait(false)).FirstOrDefault();
    }

    public async ValueTask<RowPage<T>> ListAsync<T>(RowQuery query, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        ArgumentNullException.ThrowIfNull(query);
        RowTable table = CredentialTransaction.TableOf(typeof(T));
        RowPlace? after = RowQueries.PlaceOf(query);
        if (!RowQueries.MayFind(query))
        {
            return new RowPage<T>([], null);
        }

        List<IStoredRow> rows = await AskAsync(session => table.ListAsync(session, query, after, cancellationToken), cancellationToken).ConfigureAwait(false);
        return RowList.Page([.. rows.Cast<T>()], query.Limit, row => RowPlace.Behind(table.CreatedOf(row), row.Id));
    }

    public async ValueTask<IReadOnlyList<T>> GetAsync<T>(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        ArgumentNullException.ThrowIfNull(ids);
        RowTable table = CredentialTransaction.TableOf(typeof(T));
        return ids.Count == 0 ? [] : await AskAsync(async session => (IReadOnlyList<T>)[.. (await table.GetAsync(session, ids, cancellationToken).ConfigureAwait(false)).Cast<T>()], cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyDictionary<string, CredentialTally>> TallyAsync<T>(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        ArgumentNullException.ThrowIfNull(ids);
        return await AskAsync(session => CredentialFigures.TallyAsync(session, typeof(T), ids, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<CredentialOverview> OverviewAsync(IReadOnlyCollection<string>? workspaceIds, DateTimeOffset now, int shown, CancellationToken cancellationToken) =>
        await AskAsync(session => CredentialFigures.OverviewAsync(session, workspaceIds, now, shown, cancellationToken), cancellationToken).ConfigureAwait(false);

    public async ValueTask<ChangeStatus> CommitAsync(StoreChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return await _changing.CommitAsync(change, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask MarkUsedAsync(IReadOnlyCollection<SecretUse> uses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uses);
        foreach (SecretUse[] batch in uses.Where(use => StoredText.CanBe(use.Id)).Chunk(UseWriting.MaxBatch))
        {
            await UseWriting.WriteAsync(_database, batch, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask<RowPage<AuditEvent>> ListAuditAsync(RowQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        RowPlace? after = RowQueries.PlaceOf(query);
        if (!RowQueries.MayFindEvents(query))
        {
            return new RowPage<AuditEvent>([], null);
        }

        List<AuditEvent> events = await AskAsync(session => AuditTable.ListAsync(session, query, after, cancellationToken), cancellationToken).ConfigureAwait(false);
        return RowList.Page(events, query.Limit, entry => RowPlace.Behind(entry.Number));
    }

    private async Task<T> AskAsync<T>(Func<DatabaseSession, Task<T>> ask, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await ask(new DatabaseSession(_database, connection)).ConfigureAwait(false);
        }
    }
}
