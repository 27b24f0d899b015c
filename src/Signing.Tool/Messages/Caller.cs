using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using Signing.Client;

namespace Signing.Tool;

/// <summary>Sends requests as every user of <c>Signing.Client</c> does, one sending each, so that the answer is that to what was asked.</summary>
internal sealed class Caller : IDisposable
{
    private readonly HttpClient _client;

    private Caller(HttpMessageHandler handler, Exchange exchange, CallSettings settings)
    {
        _client = new HttpClient(handler) { Timeout = settings.Timeout };
        Exchange = exchange;
    }

    public Exchange Exchange { get; }

    /// <summary>Makes one that signs, or, without a key pair, one that does not.</summary>
    public static Caller Create(KeyPair? pair, SigningPolicy? policy, CallSettings settings)
    {
        var connection = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,

            // Each request has a connection of its own, so that the filter sees every sending.
            PooledConnectionLifetime = TimeSpan.Zero,
            PlaintextStreamFilter = Once(),
        };
        var exchange = new Exchange(settings.ShownOn, connection);
        if (pair is null)
        {
            return new Caller(exchange, exchange, settings);
        }

        var options = new MessageSigningOptions { Key = pair.Key, Secret = pair.Secret, Policy = policy ?? new SigningPolicy(), AllowPlainHttp = true, LearnFromServer = false };
        return new Caller(new MessageSigningHandler(options, exchange), exchange, settings);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Headers.NonValidated.Contains("User-Agent"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", $"signing/{typeof(Caller).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}");
        }

        try
        {
            return await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw ToolFailure.Refused($"{request.RequestUri!.IdnHost} did not answer within {_client.Timeout.TotalSeconds} s; --timeout waits longer.");
        }
        catch (HttpRequestException lost) when (lost is { HttpRequestError: HttpRequestError.ResponseEnded } or { InnerException: HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } })
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, $"{request.RequestUri!.IdnHost} ended the connection before it answered.");
        }
    }

    public void Dispose() => _client.Dispose();

    // Where a connection ends without an answer, the handler sends a request that has no body up to three times more, with the same nonce; but the first may have been executed.
    // One that a proxy has refused for want of credentials has not, and is sent with them, which some proxies want on another connection.
    private static Func<SocketsHttpPlaintextStreamFilterContext, CancellationToken, ValueTask<Stream>> Once()
    {
        (HttpRequestMessage? Request, string? ProxyCredentials) sent = default;
        return (connection, _) =>
        {
            HttpRequestMessage request = connection.InitialRequestMessage;
            string? credentials = request.Headers.NonValidated.TryGetValues("Proxy-Authorization", out HeaderStringValues values) ? values.ToString() : null;
            if (ReferenceEquals(request, sent.Request) && credentials == sent.ProxyCredentials)
            {
                throw new HttpIOException(HttpRequestError.ResponseEnded);
            }

            sent = (request, credentials);
            return ValueTask.FromResult(connection.PlaintextStream);
        };
    }
}
