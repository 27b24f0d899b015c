using System.Runtime.ExceptionServices;

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
    private readonly AccessTokenSource _source;
    private readonly RedirectStop _redirects = new();

    /// <summary>Creates a handler that sends the tokens of a source, which it does not dispose of.</summary>
    /// <param name="source">The source.</param>
    /// <param name="innerHandler">What sends the request; by default a <see cref="SocketsHttpHandler"/> of its own, or in a browser its <c>fetch</c>.</param>
    /// <exception cref="InvalidOperationException"><paramref name="innerHandler"/> follows redirects and has already sent a request.</exception>
    public AccessTokenHandler(AccessTokenSource source, HttpMessageHandler? innerHandler = null)
        : base(innerHandler ??= OwnConnection.Create())
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
        return plan.Header.IsFor(request, out Origin? elsewhere)
            ? SendWithTokenAsync(plan, request, isSynchronous: false, cancellationToken)
            : SendWithoutTokenAsync(plan.Header, elsewhere, request, isSynchronous: false, cancellationToken);
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (OperatingSystem.IsBrowser())
        {
            throw new PlatformNotSupportedException("The one thread of a page cannot wait for a token, which would never come: use SendAsync.");
        }

        TokenPlan plan = Prepare();
        Task<HttpResponseMessage> sent = plan.Header.IsFor(request, out Origin? elsewhere)
            ? SendWithTokenAsync(plan, request, isSynchronous: true, cancellationToken)
            : SendWithoutTokenAsync(plan.Header, elsewhere, request, isSynchronous: true, cancellationToken);

        // It has waited on this thread, and has ended before it was returned.
        return sent.GetAwaiter().GetResult();
    }

    private TokenPlan Prepare()
    {
        _redirects.Before(InnerHandler);
        return _source.Plan;
    }

    private async Task<HttpResponseMessage> SendWithoutTokenAsync(TokenHeader header, Origin? elsewhere, HttpRequestMessage request, bool isSynchronous, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = isSynchronous ? base.Send(request, cancellationToken) : await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        header.Explain(elsewhere, response);
        return response;
    }

    private async Task<HttpResponseMessage> SendWithTokenAsync(TokenPlan plan, HttpRequestMessage request, bool isSynchronous, CancellationToken cancellationToken)
    {
        // A body that can be sent once must not meet a token that ends meanwhile.
        var snapshot = new RequestSnapshot(request);
        (plan, AccessToken token) = await GetAsync(plan, request, refused: null, acceptDue: snapshot.CanReplay, isSynchronous, cancellationToken).ConfigureAwait(false);
        return await SendWithTokenAsync(plan, token, request, snapshot, mayTakeAnother: true, isSynchronous, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendWithTokenAsync(
        TokenPlan plan, AccessToken token, HttpRequestMessage request, RequestSnapshot snapshot, bool mayTakeAnother, bool isSynchronous, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        ExceptionDispatchInfo? unproved = null;
        try
        {
            response = await SendAsync(plan.Header, token, request, isSynchronous, cancellationToken).ConfigureAwait(false);
            if (!TokenRefusal.Is(response, in snapshot))
            {
                return response;
            }
        }
        catch (MessageSigningException refused) when (refused.IsOfToken && snapshot.IsAnsweredBy(request.RequestUri))
        {
            // The signer hands on no answer that is not signed, and refusals are not.
            unproved = ExceptionDispatchInfo.Capture(refused);
        }

        AccessToken next;
        try
        {
            (plan, next) = await GetAsync(PlanFor(request, plan), request, token, acceptDue: true, isSynchronous, cancellationToken).ConfigureAwait(false);
        }
        catch (AccessTokenException)
        {
            // The flight has said why; the caller gets what the API said.
            return Refused();
        }
        catch
        {
            response?.Dispose();
            throw;
        }

        // Who wrote what nothing proves may have had the request executed before.
        if ((unproved is not null && !snapshot.IsIdempotent) || !snapshot.TryRestore(request))
        {
            return Refused();
        }

        response?.Dispose();
        ClientTelemetry.CountReplay();
        _source.Log.Replays(request.Method.Method, request.RequestUri!.IdnHost, plan.Slot.Identity.Key);

        // What another process had may have ended together with ours; only what is issued for this refusal is the last.
        return next.IsFromStore && mayTakeAnother
            ? await SendWithTokenAsync(plan, next, request, snapshot, mayTakeAnother: false, isSynchronous, cancellationToken).ConfigureAwait(false)
            : await SendAsync(plan.Header, next, request, isSynchronous, cancellationToken).ConfigureAwait(false);

        HttpResponseMessage Refused()
        {
            unproved?.Throw();
            return response!;
        }
    }

    // Waiting may last longer than the options do. The signer below signs by those of its own time, and a token of another Key
    // beside its signature is refused.
    private async ValueTask<(TokenPlan Plan, AccessToken Token)> GetAsync(
        TokenPlan plan, HttpRequestMessage request, AccessToken? refused, bool acceptDue, bool isSynchronous, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                AccessToken token = await GetAsync(plan.Slot, refused, acceptDue, isSynchronous, cancellationToken).ConfigureAwait(false);
                if (ReferenceEquals(PlanFor(request, plan), plan))
                {
                    return (plan, token);
                }
            }
            catch (AccessTokenException) when (!ReferenceEquals(PlanFor(request, plan), plan))
            {
                // What failed holds no longer.
            }

            plan = PlanFor(request, plan);
        }
    }

    // That of the options as they are now, unless by those the request would get no token.
    private TokenPlan PlanFor(HttpRequestMessage request, TokenPlan before)
    {
        TokenPlan now = _source.Plan;
        return now.Header.IsFor(request) ? now : before;
    }

    private static ValueTask<AccessToken> GetAsync(TokenSlot slot, AccessToken? refused, bool acceptDue, bool isSynchronous, CancellationToken cancellationToken) =>
        isSynchronous
            ? new ValueTask<AccessToken>(AccessTokenSource.Get(slot, refused, acceptDue, cancellationToken))
            : AccessTokenSource.GetAsync(slot, refused, acceptDue, cancellationToken);

    private async ValueTask<HttpResponseMessage> SendAsync(
        TokenHeader header, AccessToken token, HttpRequestMessage request, bool isSynchronous, CancellationToken cancellationToken)
    {
        using TokenOnRequest put = header.Put(request, token.Value);
        return isSynchronous ? base.Send(request, cancellationToken) : await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
