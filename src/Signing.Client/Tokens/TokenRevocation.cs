namespace Signing.Client;

/// <summary>Takes a token out of the store and tells the server that it is not used any more.</summary>
internal sealed class TokenRevocation(TokenIdentity identity, TokenEnvironment environment, TokenAcquisition acquisition)
{
    private Task _emptied = Task.CompletedTask;

    /// <summary>Ends when no revocation is at the store any more: a flight before that would take the token that is being revoked, or have its own taken for it.</summary>
    public Task Emptied => _emptied;

    /// <summary>Has flights wait from now on; the slot calls it under its lock.</summary>
    /// <returns>What <see cref="RevokeAsync"/> completes when they may go on.</returns>
    public TaskCompletionSource Begin()
    {
        var emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _emptied = Task.WhenAll(_emptied, emptied.Task);
        return emptied;
    }

    /// <summary>Revokes what the caller held, and what another process has put into the store since.</summary>
    /// <param name="held">The token of this process, if it has one.</param>
    /// <param name="emptied">What <see cref="Begin"/> gave.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="AccessTokenException">The server could not be told.</exception>
    public async Task RevokeAsync(AccessToken? held, TaskCompletionSource emptied, CancellationToken cancellationToken)
    {
        AccessToken? stored;
        try
        {
            stored = await EmptyAsync(isAnyWanted: held is null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            emptied.SetResult();
        }

        // Most often both are of one login; nothing says so, and a login that nobody revokes lives on.
        TokenReply? problem = held is null ? null : await TellAsync(held, cancellationToken).ConfigureAwait(false);
        if (stored is not null && stored.Value != held?.Value)
        {
            problem = await TellAsync(stored, cancellationToken).ConfigureAwait(false) ?? problem;
        }

        if (problem is not null)
        {
            throw new AccessTokenException($"The token is forgotten, but the server has not confirmed that it is revoked. {problem.Problem}", !problem.IsPermanent, problem.RetryAfter, problem.Error, problem.Cause);
        }

        environment.Log.Revoked(identity.Key);
    }

    /// <summary>Undoes an acquisition that ended while the caller revoked: its token must not come back, here or in the store.</summary>
    public async Task ForgetAsync(AccessToken orphan, string[] texts, CancellationToken cancellationToken)
    {
        try
        {
            foreach (string text in texts)
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

    /// <returns>The token that was there, if it is another process's or any is wanted.</returns>
    private async Task<AccessToken?> EmptyAsync(bool isAnyWanted, CancellationToken cancellationToken)
    {
        StoredText stored = await acquisition.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (stored.Text is null)
        {
            return null;
        }

        bool isNews = acquisition.IsNews(stored);

        // It stays there if it cannot be removed, and must not be taken for news then.
        acquisition.Note(stored.Text);
        await acquisition.RemoveAsync(stored.Text, cancellationToken).ConfigureAwait(false);
        return isNews || isAnyWanted ? stored.Token : null;
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
