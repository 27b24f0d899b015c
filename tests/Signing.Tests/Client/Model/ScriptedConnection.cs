using System.Net.Http.Headers;
using Signing.Tests.Reference;

namespace Signing.Tests.Client.Model;

/// <summary>Stands where the connection would: keeps what is sent, body included, and answers what the test says.</summary>
internal sealed class ScriptedConnection(TimeProvider time, Func<HttpRequestMessage, Sent, Told> answer) : HttpMessageHandler
{
    private readonly List<Sent> _sendings = [];

    /// <summary>Takes what was sent since the last time.</summary>
    public Sent[] Take()
    {
        lock (_sendings)
        {
            Sent[] taken = [.. _sendings];
            _sendings.Clear();
            return taken;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        if (request.Content is { } content)
        {
            await content.CopyToAsync(body, cancellationToken);
        }

        return Answer(request, body.ToArray());
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        request.Content?.CopyTo(body, null, cancellationToken);
        return Answer(request, body.ToArray());
    }

    private HttpResponseMessage Answer(HttpRequestMessage request, byte[] body)
    {
        Uri uri = request.RequestUri!;
        string host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        var fields = new List<KeyValuePair<string, string>>();
        Add(fields, request.Headers);
        if (request.Content is { } content)
        {
            Add(fields, content.Headers);
        }

        var sent = new Sent(new ReferenceRequest(request.Method.Method, uri.Scheme, uri.IsDefaultPort ? host : $"{host}:{uri.Port}", uri.PathAndQuery, fields, body), time.GetUtcNow());
        lock (_sendings)
        {
            _sendings.Add(sent);
        }

        Told told = answer(request, sent);
        if (told.Breaks)
        {
            throw new HttpRequestException("The connection broke.");
        }

        HttpResponseMessage response = told.ToResponse();
        response.RequestMessage = request;
        return response;
    }

    private static void Add(List<KeyValuePair<string, string>> fields, HttpHeaders headers)
    {
        foreach (KeyValuePair<string, HeaderStringValues> header in headers.NonValidated)
        {
            fields.Add(KeyValuePair.Create(header.Key, header.Value.ToString()));
        }
    }
}
