using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Has this node make its tokens with a master key that another one has made, as soon as it hears of it.</summary>
internal sealed class MasterKeyFollower : LookUpCache, IHostedService, IDisposable
{
    private readonly TokenKeys? _keys;
    private readonly RingRenewal _ring;
    private readonly PostgreSqlOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // Never disposed of: a test host may stop what it has disposed of already.
    private readonly CancellationTokenSource _stopping = new();

    // One is enough: what is read is read after it was taken out.
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private Task _following = Task.CompletedTask;

    /// <summary>Begins to hear; without keys, where the host makes no tokens, it has nothing to do.</summary>
    public MasterKeyFollower(ChangeFeed feed, TokenKeys? keys, RingRenewal ring, PostgreSqlOptions options, TimeProvider time, ILogger<MasterKeyFollower> logger)
    {
        _ring = ring;
        _keys = keys;
        _options = options;
        _time = time;
        _logger = logger;
        feed.Tell(this);
    }

    public override void Forget(long number, ReadOnlySpan<ChangeNote> notes)
    {
        foreach (ChangeNote note in notes)
        {
            if (note.Kind is ChangeKind.MasterKey or ChangeKind.Everything)
            {
                _news.Writer.TryWrite(true);
            }
        }
    }

    public override void ForgetAll(long number) => _news.Writer.TryWrite(true);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _following = _keys is null ? Task.CompletedTask : FollowAsync(_keys, _stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _following.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        // Stopped or not: a start that fails elsewhere stops nobody.
        _stopping.Cancel();
    }

    private async Task FollowAsync(TokenKeys keys, CancellationToken stopping)
    {
        int failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await _news.Reader.ReadAsync(stopping).ConfigureAwait(false);
                await keys.FollowAsync(stopping).ConfigureAwait(false);
                failures = 0;
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                // It may be sealed with a key of the ring that the other node has just made.
                _ring.Renew();

                // Whatever it is: told of once for each outage, and tried again.
                if (++failures == 1)
                {
                    _logger.MasterKeyNotRead(exception);
                }

                await ReconnectDelay.WaitAsync(failures, _options.Propagation.PollInterval, _time, stopping).ConfigureAwait(false);
                _news.Writer.TryWrite(true);
            }
        }
    }
}
