using System.Net;

namespace Signing.Tests.Responses.Model;

/// <summary>Stands on the way at the connection: reads the whole answer of the server and gives what a test makes of it.</summary>
internal sealed class MiddleHandler(Func<HttpRequestMessage, Answered, (Answered Answer, PiecesContent Content)> change) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using HttpResponseMessage genuine = await base.SendAsync(request, cancellationToken);
        return Make(request, genuine.Version, await Answered.ReadAsync(genuine, cancellationToken));
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using HttpResponseMessage genuine = base.Send(request, cancellationToken);
        genuine.Content.LoadIntoBufferAsync(cancellationToken).GetAwaiter().GetResult();
        return Make(request, genuine.Version, Answered.ReadAsync(genuine, cancellationToken).GetAwaiter().GetResult());
    }

    private HttpResponseMessage Make(HttpRequestMessage request, Version version, Answered genuine)
    {
        (Answered answer, PiecesContent content) = change(request, genuine);
        var response = new HttpResponseMessage((HttpStatusCode)answer.Status) { RequestMessage = request, Version = version, Content = content };
        foreach ((string name, string value) in answer.Fields)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }
}
