namespace Signing.Client;

/// <summary>Signs the calls of token endpoints that ask for it, innermost as all signing is; nothing else happens here.</summary>
internal sealed class BackchannelHandler : DelegatingHandler
{
    /// <summary>The signer of a request.</summary>
    public static readonly HttpRequestOptionsKey<ClientState> SignAs = new("Signing.Client.SignAs");

    private readonly HttpMessageHandler _connection;

    public BackchannelHandler(HttpMessageHandler connection)
        : base(connection)
    {
        _connection = connection;
        Transport.DoNotFollowRedirects(connection);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(SignAs, out ClientState? signer))
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        using var signing = new HttpMessageInvoker(new MessageSigningHandler(signer, _connection), disposeHandler: false);
        return await signing.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
