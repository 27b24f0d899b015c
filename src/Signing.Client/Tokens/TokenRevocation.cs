namespace Signing.Client;

/// <summary>Takes a token out of the store and tells the server that it is not used any more.</summary>
internal sealed class TokenRevocation(TokenIdentity identity, TokenEnvironment environment, TokenAcquisition acquisition)
{
    /// <summary>Revokes what the caller held, or what another process has put into the store since.</summary>
    /// <param name="held">The token of this process, if it has one.</param>
    /// <param name="seen">The text that this process last read from the store or wrote into it.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="AccessTokenException">The server could not be told.</exception>
    public async Task RevokeAsync(AccessToken? held, string? seen, CancellationToken cancellationToken)
    {
        StoredText stored = await acquisition.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (stored.Text is not null)
        {
            await acquisition.RemoveAsync(stored.Text, cancellationToken).ConfigureAwait(false);
        }

        AccessToken? token = stored.Text is not null && stored.Text != seen ? stored.Token : held ?? stored.Token;
        if (token is not null && await TellAsync(token, cancellationToken).ConfigureAwait(false) is { } problem)
        {
            throw new AccessTokenException($"The token is forgotten, but the server has not confirmed that it is revoked. {problem.Problem}", !problem.IsPermanent, problem.RetryAfter, problem.Error, problem.Cause);
        }

        environment.Log.Revoked(identity.Key);
    }

    /// <summary>Undoes an acquisition that ended while the caller revoked: its token must not come back, here or in the store.</summary>
    public async Task ForgetAsync(AccessToken orphan, string? text, CancellationToken cancellationToken)
    {
        try
        {
            if (text is not null)
            {
                await acquisition.RemoveAsync(text, cancellationToken).ConfigureAwait(false);
            }

            if (await TellAsync(orphan, cancellationToken).ConfigureAwait(false) is { } problem)
            {
                environment.Log.RevokingFailed(identity.Key, problem.Problem);
            }
        }
        catch (OperationCanceledException)
        {
            environment.Log.RevokingFailed(identity.Key, "There was no time left.");
        }
    }

    /// <returns>What went wrong, or <see langword="null"/>.</returns>
    private async Task<TokenReply?> TellAsync(AccessToken token, CancellationToken cancellationToken)
    {
        if (identity.Revoke is not { } endpoint)
        {
            return null;
        }

        TokenReply reply = await acquisition.RevokeAsync(endpoint, token.RefreshToken ?? token.Value, token.RefreshToken is not null, cancellationToken).ConfigureAwait(false);
        return ReferenceEquals(reply, TokenReply.Revoked) ? null : reply;
    }
}
