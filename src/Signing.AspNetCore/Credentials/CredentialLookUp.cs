namespace Signing.AspNetCore;

/// <summary>Asks a source for a credential or a sharing key, and answers for a source that fails.</summary>
/// <remarks>Whatever a source throws means that nobody knows whose the request is: that is no answer about the caller.</remarks>
internal sealed class CredentialLookUp(Action<Exception> failed)
{
    private readonly OutagePace _pace = new();

    /// <summary>Asks what is in memory, without allocating.</summary>
    /// <returns><see langword="false"/> if the source has to be waited for.</returns>
    public bool TryFindNow(ICredentialSource source, ReadOnlySpan<char> key, out SourceAnswer<Credential> answer)
    {
        try
        {
            bool known = source.TryGetCached(key, out Credential? credential);
            answer = known ? SourceAnswer<Credential>.Of(credential) : default;
            return known;
        }
        catch (Exception exception)
        {
            answer = Unavailable<Credential>(exception);
            return true;
        }
    }

    /// <summary>Asks what is in memory, without allocating.</summary>
    /// <returns><see langword="false"/> if the source has to be waited for.</returns>
    public bool TryFindNow(IApiTokenSource source, in TokenHash hash, out SourceAnswer<Credential> answer)
    {
        try
        {
            bool known = source.TryGetCached(hash, out Credential? token);
            answer = known ? SourceAnswer<Credential>.Of(token) : default;
            return known;
        }
        catch (Exception exception)
        {
            answer = Unavailable<Credential>(exception);
            return true;
        }
    }

    /// <summary>Waits for a source.</summary>
    public async ValueTask<SourceAnswer<T>> FindAsync<TKey, T>(Func<TKey, CancellationToken, ValueTask<T?>> find, TKey key, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return SourceAnswer<T>.Of(await find(key, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (!Cancellation.Caused(exception, cancellationToken))
        {
            return Unavailable<T>(exception);
        }
    }

    private SourceAnswer<T> Unavailable<T>(Exception exception)
        where T : class
    {
        if (_pace.IsDue())
        {
            failed(exception);
        }

        return new SourceAnswer<T>(CredentialStatus.CredentialStoreUnavailable, null);
    }
}
