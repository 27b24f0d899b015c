using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

/// <summary>Writes what has changed in a ledger to the file, one write at a time; what changes while one is under way is written together.</summary>
internal sealed class CredentialFileWriter(CredentialFile file, FileLock fileLock, CredentialLedger ledger, ILogger logger) : IDisposable
{
    // Not disposed of: whoever waits for it is told by the flag, and would otherwise wait for ever.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _written;
    private volatile bool _closed;
    private volatile bool _isBehind;

    public CredentialFileState State => _closed ? CredentialFileState.Closed
        : _isBehind ? CredentialFileState.NotWritten
        : file.Exists ? CredentialFileState.Open
        : CredentialFileState.Gone;

    /// <summary>Writes until a change is on the disk: whoever comes first writes for all who came before it was their turn.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async ValueTask WriteAsync(long number, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(FileCredentialStore));
            if (_written < number)
            {
                await Task.Run(Write, CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Settles what time has decided, and writes what is left unless somebody writes just now.</summary>
    public void Tidy()
    {
        ledger.Settle();
        if (!_turn.Wait(TimeSpan.Zero))
        {
            return;
        }

        try
        {
            WriteRest();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // In force in this process, and written with the next change.
            logger.CredentialFileNotTidied(exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Writes everything, without waiting for a turn: only before anybody else can have one.</summary>
    public void Write()
    {
        bool isWritten = false;
        try
        {
            fileLock.Require();
            CredentialDocument document = ledger.ToDocument(out long number);
            file.Write(document);
            _written = number;
            if (document.Audit.Count > 0)
            {
                // The document has the events already: should this fail, they are in the next one, or found when the file is opened.
                ledger.Audit.Write(document.Audit);
                ledger.AuditWritten(document.Audit.Count);
            }

            isWritten = true;
        }
        finally
        {
            _isBehind = !isWritten;
        }
    }

    /// <summary>Writes what is left, and nothing ever after.</summary>
    public void Dispose()
    {
        _turn.Wait();
        try
        {
            WriteRest();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.CredentialFileLeftBehind(exception);
            throw;
        }
        finally
        {
            _closed = true;
            _turn.Release();
        }
    }

    private void WriteRest()
    {
        if (!_closed && _written < ledger.Changes)
        {
            Write();
        }
    }
}
