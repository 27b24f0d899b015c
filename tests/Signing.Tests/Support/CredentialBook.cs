using System.Collections.Concurrent;
using Signing.AspNetCore;

namespace Signing.Tests.Support;

/// <summary>A source of credentials that counts what it is asked, answers at once or later, and fails when told to.</summary>
public sealed class CredentialBook : ICredentialSource
{
    private readonly ConcurrentDictionary<string, Credential> _credentials = new(StringComparer.Ordinal);
    private int _lookUps;

    /// <summary>Answers from memory; otherwise each look-up goes through <see cref="FindAsync"/> and really waits.</summary>
    public bool Cached { get; set; } = true;

    public Exception? Failure { get; set; }

    /// <summary>Holds look-ups back until the test lets them go.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public int LookUps => _lookUps;

    public ConcurrentQueue<string> Asked { get; } = new();

    public void Set(Credential credential) => _credentials[credential.Key] = credential;

    public void Remove(string key) => _credentials.TryRemove(key, out _);

    public bool TryGetCached(ReadOnlySpan<char> key, out Credential? credential)
    {
        credential = null;
        if (!Cached)
        {
            return false;
        }

        Interlocked.Increment(ref _lookUps);
        ThrowIfFailing();
        _credentials.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out credential);
        return true;
    }

    public async ValueTask<Credential?> FindAsync(string key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _lookUps);
        Asked.Enqueue(key);
        await Task.Yield();
        await Gate.WaitAsync(cancellationToken);
        ThrowIfFailing();
        return _credentials.GetValueOrDefault(key);
    }

    private void ThrowIfFailing()
    {
        if (Failure is not null)
        {
            throw Failure;
        }
    }
}
