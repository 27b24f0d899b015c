using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Signing.PostgreSql;

/// <summary>Keeps this node's memory up to date: reads the changes whenever a notification comes, and each <see cref="PropagationOptions.PollInterval"/> in any case.</summary>
/// <remarks>
/// It reads on a connection of its own, so that no load on the pool delays a revocation, and listens on another one, so that
/// a dead one delays no reading.
/// </remarks>
internal sealed class ChangeFollower : IHostedService, IDisposable
{
    // One change that the interval finds just before its notification comes proves nothing.
    private const int UnannouncedToWarn = 3;

    private readonly Database _database;
    private readonly ChangeCursor _cursor;
    private readonly ChangeListener _listener;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // Never disposed of: a test host may stop what it has disposed of already.
    private readonly CancellationTokenSource _stopping = new();

    // One is enough: what is read is read after it was taken out.
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private ITimer? _poll;
    private Task _following = Task.CompletedTask;
    private Task _listening = Task.CompletedTask;
    private NpgsqlConnection? _connection;
    private int _failures;
    private int _announced;
    private int _unannounced;

    public ChangeFollower(Database database, ChangeFeed feed, IMeterFactory meters, TimeProvider time, ILogger<ChangeFollower> logger)
    {
        var freshness = new Freshness(time, database.Options.Propagation.MaxStaleness);
        _database = database;
        _cursor = new ChangeCursor(database, feed, freshness, new PropagationMetrics(meters, freshness));
        _listener = new ChangeListener(database, time, logger);
        _time = time;
        _logger = logger;
        feed.Follow(() => freshness.IsFresh, () => freshness.Age);
    }

    private PropagationOptions Options => _database.Options.Propagation;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Wake();
        _poll = _time.CreateTimer(_ => Wake(), state: null, Options.PollInterval, Options.PollInterval);
        _following = FollowAsync(_stopping.Token);
        if (Options.Listen)
        {
            _listening = _listener.ListenAsync(WakeByNotification, _stopping.Token);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _poll?.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_following, _listening).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        // Stopped or not: a start that fails elsewhere stops nobody.
        _poll?.Dispose();
        _stopping.Cancel();
    }

    private void Wake() => _wakes.Writer.TryWrite(true);

    private void WakeByNotification()
    {
        Interlocked.Exchange(ref _announced, 1);
        Wake();
    }

    private async Task FollowAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await _wakes.Reader.ReadAsync(stopping).ConfigureAwait(false);
                await ReadAsync(stopping).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // Whatever it is: it is tried again, and until it succeeds the node grows stale, which is what has to happen.
                await CloseAsync().ConfigureAwait(false);
                if (!stopping.IsCancellationRequested)
                {
                    await PauseAsync(exception, stopping).ConfigureAwait(false);
                }
            }
        }

        await CloseAsync().ConfigureAwait(false);
    }

    private async Task ReadAsync(CancellationToken stopping)
    {
        _connection ??= await _database.OpenAsync(stopping).ConfigureAwait(false);
        bool isAnnounced = Interlocked.Exchange(ref _announced, 0) == 1;
        ChangeReading reading = await _cursor.ReadAsync(_connection, stopping).ConfigureAwait(false);
        if (_failures > 0)
        {
            _failures = 0;
            _logger.ChangesReadAgain();
        }

        if (reading == ChangeReading.Unknown)
        {
            _logger.EverythingForgotten();
        }

        if (reading == ChangeReading.Changed && _listener.IsListening)
        {
            Count(isAnnounced);
        }
    }

    // Each row of changes that comes without notifications is told of once.
    private void Count(bool isAnnounced)
    {
        _unannounced = isAnnounced ? 0 : _unannounced + 1;
        if (_unannounced == UnannouncedToWarn)
        {
            _logger.NotificationsDoNotArrive(Options.PollInterval);
        }
    }

    // Told of once for each outage.
    private async Task PauseAsync(Exception exception, CancellationToken stopping)
    {
        if (++_failures == 1)
        {
            _logger.ChangesNotRead(Options.MaxStaleness, exception);
        }

        await ReconnectDelay.WaitAsync(_failures, Options.PollInterval, _time, stopping).ConfigureAwait(false);
        Wake();
    }

    private async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
