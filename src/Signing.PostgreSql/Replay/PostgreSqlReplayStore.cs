using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Remembers accepted signatures in PostgreSQL, so that of all nodes that share it one accepts each.</summary>
/// <remarks>
/// Claims of one node that wait at the same time travel together. Where the database cannot be reached, or not soon, they
/// are refused, and nobody learns from that whether a signature was used.
/// </remarks>
internal sealed class PostgreSqlReplayStore : IReplayStore, IReplayFloor, IDisposable
{
    // One batch is written while the next one gathers and goes; a third would only make all of them smaller.
    private const int Writers = 2;

    // More in one statement delays the first of them and makes none of the others faster.
    private const int MaxBatch = 1024;

    private readonly ClaimQueue _queue = new(Writers, MaxBatch);
    private readonly ClaimWriters _writers;
    private readonly Database _database;
    private readonly ClaimOpening _opening;
    private readonly TimeProvider _time;

    /// <summary>Creates a store; connects to nothing yet.</summary>
    /// <param name="database">Where the signatures are remembered.</param>
    /// <param name="window">What the policies of this node need; asked again and again, as they may be reloaded.</param>
    /// <param name="health">Hears of what goes wrong.</param>
    /// <param name="time">The node's clock, which counts shares and idleness.</param>
    public PostgreSqlReplayStore(Database database, Func<ClaimWindow> window, ClaimHealth health, TimeProvider time)
    {
        ClaimOptions options = database.Options.Claims;
        var opening = new ClaimOpening(database, window, health, options.Timeout);
        var shares = new ClaimShares(window(), options.Capacity, time);
        _database = database;
        _opening = opening;
        _time = time;
        _writers = new ClaimWriters(() => new ClaimWriter(database, _queue, opening, shares, health, options.Timeout), time);
    }

    /// <inheritdoc/>
    public long? Floor => _opening.Known?.Floor;

    /// <summary>Begins to remember, if nobody has: what was signed before is refused, and the host's first callers need not be those who learn of it.</summary>
    /// <exception cref="PostgreSqlStartException">The user of the connection may not empty the tables, which happens only minutes later.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            if (!(await new DatabaseSession(_database, connection).Command("claims.may_clear").AskAsync(cancellationToken).ConfigureAwait(false))[0])
            {
                throw new PostgreSqlStartException(
                    PostgreSqlStartFault.MissingTables,
                    $"The user of the connection may not empty the tables of claims in the schema {_database.Options.Schema}. Grant it TRUNCATE of its tables, beside SELECT, INSERT, UPDATE and DELETE.");
            }

            await _opening.OpenAsync(connection, _time.GetUtcNow().ToUnixTimeSeconds(), onlyIfFree: false, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="keyId"/> is <see langword="null"/>.</exception>
    /// <exception cref="OperationCanceledException">The caller has left; the signature may be claimed all the same.</exception>
    public async ValueTask<ReplayClaim> TryClaimAsync(UInt128 fingerprint, string keyId, DateTimeOffset created, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keyId);

        // The runtime keys this hash at random in each process, so nobody can choose a key id that meets another's counters.
        var claim = new PendingClaim(fingerprint, (uint)StringComparer.Ordinal.GetHashCode(keyId), created.ToUnixTimeSeconds());

        // Who leaves takes nobody along: the batch goes on, and another caller of the same signature may have what it brings.
        using CancellationTokenRegistration left = cancellationToken.UnsafeRegister(static (claim, token) => ((PendingClaim)claim!).TrySetCanceled(token), claim);
        if (_queue.Add(claim))
        {
            Start();
        }

        return await claim.Task.ConfigureAwait(false);
    }

    /// <summary>Gives the connections back.</summary>
    public void Dispose() => _writers.Dispose();

    // On the caller's thread as far as the network: a lone claim is sent without a detour. What belongs to the request, such
    // as its activity, stays with it, as the writer goes on with the claims of others.
    private void Start()
    {
        using AsyncFlowControl apart = ExecutionContext.SuppressFlow();
        _ = _writers.RunAsync();
    }
}
