namespace Signing.Client;

/// <summary>Proves on calls to token endpoints who the client is, by a signature or by Basic, behind every handler and logger of the host's.</summary>
internal sealed class BackchannelHandler : DelegatingHandler
{
    /// <summary>The signer of a request.</summary>
    public static readonly HttpRequestOptionsKey<ClientState> SignAs = new("Signing.Client.SignAs");

    /// <summary>The client that a request names in <c>Authorization</c>.</summary>
    public static readonly HttpRequestOptionsKey<TokenIdentity> NameInBasic = new("Signing.Client.NameInBasic");

    private readonly HttpMessageHandler _connection;

    public BackchannelHandler(HttpMessageHandler connection)
        : base(connection)
    {
        _connection = connection;
        Transport.DoNotFollowRedirects(connection);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Options.TryGetValue(NameInBasic, out TokenIdentity? client))
        {
            return await SendWithBasicAsync(request, client, cancellationToken).ConfigureAwait(false);
        }

        if (!request.Options.TryGetValue(SignAs, out ClientState? signer))
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        using var signing = new HttpMessageInvoker(new MessageSigningHandler(signer, _connection), disposeHandler: false);
        return await signing.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    // Loggers of the factory redact the text alone: whoever takes their values apart, as Serilog does, gets the fields as they are.
    private async Task<HttpResponseMessage> SendWithBasicAsync(HttpRequestMessage request, TokenIdentity client, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = TokenCalls.BasicOf(client);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.Headers.Authorization = null;
        }
    }
}
