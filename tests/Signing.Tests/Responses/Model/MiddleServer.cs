using Signing.Tests.Support;

namespace Signing.Tests.Responses.Model;

/// <summary>Stands on the way with a socket of its own: hands the request on as it came, and writes the answer as a test makes it.</summary>
internal sealed class MiddleServer : IAsyncDisposable
{
    private readonly RawServer _server = new();
    private readonly HttpMessageInvoker _upstream = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    private readonly int _port;

    /// <param name="port">Where the API is.</param>
    /// <param name="change">Makes of the genuine answer what is written, and says whether the connection ends behind it.</param>
    public MiddleServer(int port, Func<RawRequest, Answered, (string Text, bool Ends)> change)
    {
        _port = port;
        _server.Answer = (request, _) =>
        {
            (string text, bool ends) = change(request, HandOnAsync(request).GetAwaiter().GetResult());
            _server.EndsConnection = ends;
            return text;
        };
    }

    public ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken) => _server.ConnectAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _upstream.Dispose();
    }

    private async Task<Answered> HandOnAsync(RawRequest request)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), $"http://127.0.0.1:{_port}{request.Target}");
        message.Content = request.Lines("content-length").Length > 0 ? new ByteArrayContent(request.Body) : null;
        foreach (string line in request.Head.Split("\r\n").Skip(1))
        {
            string name = line[..line.IndexOf(':', StringComparison.Ordinal)];
            string value = line[(name.Length + 1)..].Trim();
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using HttpResponseMessage response = await _upstream.SendAsync(message, TestContext.Current.CancellationToken);
        return await Answered.ReadAsync(response, TestContext.Current.CancellationToken);
    }
}
