namespace Signing.Client;

/// <summary>Sends the current access token with each request to the configured origins, and replaces it when it is refused.</summary>
/// <remarks>
/// <code>
/// request ─► 1 its origin, no header of the caller's? ─► 2 token ─► 3 header on ─► inner handler ─► header off ─► response
///                                                          ▲                                              │
///                                                          └── 5 once more, if the body can be ◄── 4 a 401 for this token
/// </code>
/// Give it the place just outside the signer, so that the signature covers its header. The token is never left on the message:
/// a retry outside of it gets the token of its own time. Redirects are not followed, as with <see cref="MessageSigningHandler"/>.
/// </remarks>
public sealed class AccessTokenHandler : DelegatingHandler
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly AccessTokenSource _source;
    private bool _redirectsAreOff;

    /// <summary>Creates a handler that sends the tokens of a source, which it does not dispose of.</summary>
    /// <param name="source">The source.</param>
    /// <param name="innerHandler">What sends the request; by default a <see cref="SocketsHttpHandler"/> of its own.</param>
    /// <exception cref="InvalidOperationException"><paramref name="innerHandler"/> follows redirects and has already sent a request.</exception>
    public AccessTokenHandler(AccessTokenSource source, HttpMessageHandler? innerHandler = null)
        : base(innerHandler ??= new SocketsHttpHandler { PooledConnectionLifetime = ConnectionLifetime })
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        Transport.DoNotFollowRedirects(innerHandler);
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        TokenPlan plan = Prepare();
        return plan.Header.IsFor(request) ? SendWithTokenAsync(plan, request, cancellationToken) : base.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        TokenPlan plan = Prepare();
        return plan.Header.IsFor(request) ? SendWithToken(plan, request, cancellationToken) : base.Send(request, cancellationToken);
    }

    private TokenPlan Prepare()
    {
        if (!_redirectsAreOff)
        {
            // InnerHandler may have been exchanged since the constructor; after the first request it cannot be.
            Transport.DoNotFollowRedirects(InnerHandler);
            _redirectsAreOff = true;
        }

        return _source.Plan;
    }

    private async Task<HttpResponseMessage> SendWithTokenAsync(TokenPlan plan, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // A body that can be sent once must not meet a token that ends meanwhile.
        var snapshot = new RequestSnapshot(request);
        AccessToken token = await AccessTokenSource.GetAsync(plan.Slot, refused: null, acceptDue: snapshot.CanReplay, cancellationToken).ConfigureAwait(false);
        HttpResponseMessage response = await SendAsync(plan.Header, token, request, cancellationToken).ConfigureAwait(false);
        if (!TokenRefusal.Is(response, in snapshot))
        {
            return response;
        }

        AccessToken next;
        try
        {
            next = await AccessTokenSource.GetAsync(plan.Slot, token, acceptDue: true, cancellationToken).ConfigureAwait(false);
        }
        catch (AccessTokenException)
        {
            // The flight has said why; the caller gets what the API said.
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }

        if (!snapshot.TryRestore(request))
        {
            return response;
        }

        response.Dispose();
        Replayed(plan, request);
        return await SendAsync(plan.Header, next, request, cancellationToken).ConfigureAwait(false);
    }

    private HttpResponseMessage SendWithToken(TokenPlan plan, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var snapshot = new RequestSnapshot(request);
        AccessToken token = AccessTokenSource.Get(plan.Slot, refused: null, acceptDue: snapshot.CanReplay, cancellationToken);
        HttpResponseMessage response = Send(plan.Header, token, request, cancellationToken);
        if (!TokenRefusal.Is(response, in snapshot))
        {
            return response;
        }

        AccessToken next;
        try
        {
            next = AccessTokenSource.Get(plan.Slot, token, acceptDue: true, cancellationToken);
        }
        catch (AccessTokenException)
        {
            // The flight has said why; the caller gets what the API said.
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }

        if (!snapshot.TryRestore(request))
        {
            return response;
        }

        response.Dispose();
        Replayed(plan, request);
        return Send(plan.Header, next, request, cancellationToken);
    }

    private void Replayed(TokenPlan plan, HttpRequestMessage request)
    {
        ClientTelemetry.CountReplay();
        _source.Log.Replays(request.Method.Method, request.RequestUri!.IdnHost, plan.Slot.Identity.Key);
    }

    private async Task<HttpResponseMessage> SendAsync(TokenHeader header, AccessToken token, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        header.Put(request, token.Value);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            header.Remove(request);
        }
    }

    private HttpResponseMessage Send(TokenHeader header, AccessToken token, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        header.Put(request, token.Value);
        try
        {
            return base.Send(request, cancellationToken);
        }
        finally
        {
            header.Remove(request);
        }
    }
}
