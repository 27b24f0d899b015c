namespace Signing.PostgreSql;

/// <summary>Lets few look-ups ask the database at once: strangers make up Keys, and whoever is known, or claims a signature, needs connections too.</summary>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for has nothing to dispose of.
internal sealed class LookUpGate(int places, TimeSpan patience)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _places = new(places, places);

    /// <summary>Waits for a place; whoever has one leaves it.</summary>
    /// <exception cref="TimeoutException">None became free in time.</exception>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        if (!await _places.WaitAsync(patience, cancellationToken).ConfigureAwait(false))
        {
            throw new TimeoutException("Too many look-ups of keys that this node does not remember are under way.");
        }
    }

    public void Leave() => _places.Release();
}
