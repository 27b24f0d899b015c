using Microsoft.Extensions.Logging;
using Npgsql;

namespace Signing.PostgreSql;

/// <summary>Listens for notifications on a connection of its own, again and again; whoever reads the changes is woken.</summary>
/// <remarks>It only wakes: a notification that is lost, late or made up costs time, never a change.</remarks>
internal sealed class ChangeListener(Database database, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    private int _failures;
    private volatile bool _isListening;

    public bool IsListening => _isListening;

    public async Task ListenAsync(Action wake, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ListenOnceAsync(wake, stopping).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // Whatever it is: without notifications changes are found by asking, only later.
                _isListening = false;
                if (!stopping.IsCancellationRequested)
                {
                    await PauseAsync(exception, stopping).ConfigureAwait(false);
                }
            }
        }
    }

    private async Task ListenOnceAsync(Action wake, CancellationToken stopping)
    {
        NpgsqlConnection connection = await database.OpenAsync(stopping).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            connection.Notification += (_, _) => wake();

            // The name is made of letters, digits and underscores: the options see to it.
            using var command = new NpgsqlCommand("LISTEN " + ChangeLog.ChannelOf(database), connection) { CommandTimeout = database.TimeoutSeconds };
            await command.ExecuteNonQueryAsync(stopping).ConfigureAwait(false);
            _isListening = true;

            // For what has changed before.
            wake();
            command.CommandText = "SELECT 1";
            while (true)
            {
                if (!await connection.WaitAsync(KeepAlive, stopping).ConfigureAwait(false))
                {
                    await command.ExecuteNonQueryAsync(stopping).ConfigureAwait(false);
                }

                ReportWorking();
            }
        }
    }

    // Once for each outage, and once for its end.
    private Task PauseAsync(Exception exception, CancellationToken stopping)
    {
        TimeSpan interval = database.Options.Propagation.PollInterval;
        if (++_failures == 1)
        {
            logger.NotListening(interval, exception);
        }

        return ReconnectDelay.WaitAsync(_failures, interval, time, stopping);
    }

    private void ReportWorking()
    {
        if (_failures > 0)
        {
            _failures = 0;
            logger.ListeningAgain();
        }
    }
}
