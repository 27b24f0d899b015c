using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client;

/// <summary>Gives each test a server that keeps what it gets, a key, and a clock that stands still.</summary>
public abstract class ClientTestBase : IAsyncDisposable
{
    protected const string KeyId = "acme_key_1";
    protected const string Secret = "acme_secret_0123456789abcdef";

    static ClientTestBase() => Canary.Watch(Secret);

    protected RawServer Server { get; } = new();

    protected ManualTimeProvider Time { get; } = new();

    protected SigningKey Key { get; } = new(KeyId, Secret);

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        Key.Dispose();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static MessageSigningOptions OptionsWith(Action<MessageSigningOptions>? change = null)
    {
        // Any host may be asked for: the connection ends at the loopback server.
        var options = new MessageSigningOptions { Key = KeyId, Secret = Secret, AllowPlainHttp = true };
        change?.Invoke(options);
        return options;
    }

    protected SocketsHttpHandler Connection() => new() { ConnectCallback = (_, cancellationToken) => Server.ConnectAsync(cancellationToken) };

    protected HttpMessageInvoker Client(Action<MessageSigningOptions>? change = null, HttpMessageHandler? inner = null) =>
        new(new MessageSigningHandler(OptionsWith(change), inner ?? Connection(), Time));

    protected async Task<RawRequest> SendAsync(HttpRequestMessage request, Action<MessageSigningOptions>? change = null)
    {
        using HttpMessageInvoker client = Client(change);
        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);
        return Server.Requests[^1];
    }

    protected SignatureStatus Verify(RawRequest request, VerificationPolicy? policy = null) => request.Verify(Key, Time, policy);
}
