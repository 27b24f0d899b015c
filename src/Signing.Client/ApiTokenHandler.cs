using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Sends a long-lived token with each request to the configured origins; there is nothing to refresh, so a 401 is the answer.</summary>
/// <remarks>Give it the place just outside the signer, so that the signature covers its header. Redirects are not followed, as with <see cref="MessageSigningHandler"/>.</remarks>
public sealed class ApiTokenHandler : DelegatingHandler
{
    private readonly Compiled<ApiTokenOptions, ApiTokenPlan> _plan;
    private readonly RedirectStop _redirects = new();

    /// <summary>Creates a handler with fixed options, of which the origins must be set.</summary>
    /// <param name="options">The options; later changes to them have no effect.</param>
    /// <param name="innerHandler">What sends the request; by default a <see cref="SocketsHttpHandler"/> of its own, or in a browser its <c>fetch</c>.</param>
    /// <exception cref="OptionsValidationException">The options are invalid; the message says which, and never shows the token.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="innerHandler"/> follows redirects and has already sent a request.</exception>
    public ApiTokenHandler(ApiTokenOptions options, HttpMessageHandler? innerHandler = null)
        : this(Fixed(options), innerHandler ?? OwnConnection.Create())
    {
    }

    internal ApiTokenHandler(Compiled<ApiTokenOptions, ApiTokenPlan> plan, HttpMessageHandler innerHandler)
        : base(innerHandler)
    {
        _plan = plan;
        Transport.DoNotFollowRedirects(innerHandler);
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ApiTokenPlan plan = Prepare();
        return plan.Header.IsFor(request, out Origin? elsewhere) ? SendWithTokenAsync(plan, request, cancellationToken) : SendWithoutTokenAsync(plan, elsewhere, request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ApiTokenPlan plan = Prepare();
        return plan.Header.IsFor(request, out Origin? elsewhere) ? SendWithToken(plan, request, cancellationToken) : SendWithoutToken(plan, elsewhere, request, cancellationToken);
    }

    private static Compiled<ApiTokenOptions, ApiTokenPlan> Fixed(ApiTokenOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ApiTokenValidation.ThrowIfInvalid(options);
        var plan = new Compiled<ApiTokenOptions, ApiTokenPlan>(
            () => options, static now => new ApiTokenPlan(now.Token, TokenAddresses.HeaderOf(now, baseAddress: null, NullLogger.Instance)), static (_, _) => { });
        _ = plan.Get();
        return plan;
    }

    private ApiTokenPlan Prepare()
    {
        _redirects.Before(InnerHandler);
        return _plan.Get();
    }

    private async Task<HttpResponseMessage> SendWithTokenAsync(ApiTokenPlan plan, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using TokenOnRequest token = plan.Header.Put(request, plan.Token);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private HttpResponseMessage SendWithToken(ApiTokenPlan plan, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using TokenOnRequest token = plan.Header.Put(request, plan.Token);
        return base.Send(request, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendWithoutTokenAsync(ApiTokenPlan plan, Origin? elsewhere, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        plan.Header.Explain(elsewhere, response);
        return response;
    }

    private HttpResponseMessage SendWithoutToken(ApiTokenPlan plan, Origin? elsewhere, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = base.Send(request, cancellationToken);
        plan.Header.Explain(elsewhere, response);
        return response;
    }
}
