namespace Signing.Client;

/// <summary>Gets a token, in the order that costs least and loses nothing.</summary>
/// <remarks>
/// 1. The store: another process may have been here.
/// 2. The refresh token, if there is one.
/// 3. The store again, if that is no longer valid: another process may have used it a moment ago.
/// 4. A login, once.
/// 5. The store: compare and set. Whoever comes second takes the token of the first.
/// </remarks>
internal sealed class TokenAcquisition
{
    private readonly TokenIdentity _identity;
    private readonly TokenEnvironment _environment;
    private readonly TokenCalls _calls;
    private readonly ClientState? _signer;

    // The text that this process last read from the store or wrote into it; where nobody knows whether it was written, the
    // one before as well. They stay when the store is away: what we left there is no news afterwards, but older than what we hold.
    private volatile string[] _noted = [];

    public TokenAcquisition(TokenIdentity identity, TokenEnvironment environment)
    {
        _identity = identity;
        _environment = environment;
        _calls = new TokenCalls(identity);
        if (identity.Method == LoginMethod.Signature)
        {
            var options = new MessageSigningOptions { Key = identity.Key, Secret = identity.Secret, AllowPlainHttp = identity.AllowPlainHttp };
            _signer = new ClientState(() => options, environment.Time, environment.Log);
        }
    }

    /// <summary>Runs the steps.</summary>
    /// <param name="current">The token that is to be replaced, if there is one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<FlightEnd> RunAsync(AccessToken? current, CancellationToken cancellationToken)
    {
        // 1. If the text is what we left there, what we hold is at least as new; it may be newer if writing failed.
        StoredText stored = await ReadAsync(cancellationToken).ConfigureAwait(false);
        bool isNews = IsNews(stored);
        if (isNews && IsFresh(stored.Token, current))
        {
            return Found(stored);
        }

        // 2. What we left there and no longer hold was revoked.
        string? refreshToken = isNews ? stored.Token?.RefreshToken : current?.RefreshToken;
        if (refreshToken is null)
        {
            return await LogInAsync(stored, cancellationToken).ConfigureAwait(false);
        }

        TokenReply reply = await CallAsync(() => _calls.Refresh(refreshToken), cancellationToken).ConfigureAwait(false);
        if (!reply.IsInvalidGrant)
        {
            return await EndAsync(reply, TokenOrigin.Refresh, refreshToken, stored).ConfigureAwait(false);
        }

        // 3.
        StoredText again = await ReadAsync(cancellationToken).ConfigureAwait(false);
        return IsNews(again) && again.Text != stored.Text && IsFresh(again.Token, current)
            ? Found(again)
            : await LogInAsync(again.IsReadable ? again : again with { Text = stored.Text }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Remembers what the store may hold because of an acquisition that has ended.</summary>
    /// <param name="texts">The texts; none if it has not been there.</param>
    public void Note(params string[] texts) => _noted = texts.Length > 0 ? texts : _noted;

    /// <summary>Whether another process has put it there.</summary>
    public bool IsNews(in StoredText stored) => stored.Text is not null && !_noted.Contains(stored.Text, StringComparer.Ordinal);

    /// <summary>Tells the server that a token is not used any more.</summary>
    public Task<TokenReply> RevokeAsync(Uri endpoint, string token, bool isRefreshToken, CancellationToken cancellationToken) =>
        _environment.Backchannel.CallAsync(new TokenCall(() => _calls.Revoke(endpoint, token, isRefreshToken), _signer, Revokes: true), cancellationToken);

    public ValueTask<StoredText> ReadAsync(CancellationToken cancellationToken) => _environment.Store.ReadAsync(_identity, cancellationToken);

    /// <summary>Takes a text out of the store if it is still there.</summary>
    public ValueTask<bool?> RemoveAsync(string text, CancellationToken cancellationToken) =>
        _environment.Store.TryReplaceAsync(_identity, text, null, cancellationToken);

    private static FlightEnd Found(StoredText stored) => new(stored.Token, TokenOrigin.Store, TextsOf(stored.Text), null);

    private static string[] TextsOf(string? text) => text is null ? [] : [text];

    private bool IsFresh(AccessToken? found, AccessToken? current) =>
        found is not null && found.Value != current?.Value && found.At(_environment.Now) == TokenUse.Fresh;

    private Task<TokenReply> CallAsync(Func<HttpRequestMessage> create, CancellationToken cancellationToken) =>
        _environment.Backchannel.CallAsync(new TokenCall(create, _signer), cancellationToken);

    // 4.
    private async Task<FlightEnd> LogInAsync(StoredText stored, CancellationToken cancellationToken)
    {
        TokenReply reply = await CallAsync(_calls.Login, cancellationToken).ConfigureAwait(false);
        return await EndAsync(reply, TokenOrigin.Login, null, stored).ConfigureAwait(false);
    }

    // 5.
    private async Task<FlightEnd> EndAsync(TokenReply reply, TokenOrigin origin, string? refreshToken, StoredText stored)
    {
        if (reply.Grant is not { } grant)
        {
            return new FlightEnd(null, origin, [], reply);
        }

        // RFC 6749 §6: an answer without a refresh token leaves the one that was used in force.
        var token = new AccessToken(grant.AccessToken, grant.RefreshToken ?? refreshToken, _environment.Now, TokenTimes.Of(grant.Lifetime, _environment.Draw()));
        if (!stored.IsReadable)
        {
            return new FlightEnd(token, origin, TextsOf(stored.Text), null);
        }

        // The server has used up what was there before: a store has its own time for what came, whatever else ends meanwhile.
        string text = StoredToken.Write(token);
        bool? replaced = await _environment.Store.TryReplaceAsync(_identity, stored.Text, text, CancellationToken.None).ConfigureAwait(false);
        if (replaced == false)
        {
            StoredText first = await ReadAsync(CancellationToken.None).ConfigureAwait(false);
            return IsNews(first) && first.Token?.At(_environment.Now) is TokenUse.Fresh ? Found(first) : new FlightEnd(token, origin, TextsOf(first.Text), null);
        }

        return new FlightEnd(token, origin, replaced == true ? [text] : [text, .. TextsOf(stored.Text)], null);
    }
}
