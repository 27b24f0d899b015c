using Signing.Tests.Fuzz;

namespace Signing.Tests.Responses.Model;

/// <summary>One way to send a request and to read its answer.</summary>
internal sealed class AnswerReading(Draw draw, HttpClient client, HttpRequestMessage request)
{
    private readonly int _piece = draw.Of(1, 3, 100, 5000);
    private HttpResponseMessage? _response;

    public string Kind { get; } = draw.Of<string>(["whole", "headers", "invoker", "left", .. request.Version.Major == 2 ? (string[])["headers"] : ["headers", "synchronous", "synchronous headers"]]);

    /// <summary>Gets what the caller has read.</summary>
    public byte[] Bytes { get; private set; } = [];

    public async ValueTask SendAsync()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        HttpCompletionOption completion = Kind.EndsWith("headers", StringComparison.Ordinal) || Kind == "left" ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead;
        bool isSynchronous = Kind.StartsWith("synchronous", StringComparison.Ordinal);
        _response = isSynchronous ? client.Send(request, completion, stop)
            : Kind == "invoker" ? await ((HttpMessageInvoker)client).SendAsync(Absolute(), stop)
            : await client.SendAsync(request, completion, stop);
        if (Kind == "whole")
        {
            Bytes = await _response.Content.ReadAsByteArrayAsync(stop);
            return;
        }

        await using Stream stream = isSynchronous ? _response.Content.ReadAsStream(stop) : await _response.Content.ReadAsStreamAsync(stop);
        var read = new MemoryStream();
        byte[] buffer = new byte[_piece];
        int count;
        do
        {
            count = isSynchronous ? stream.Read(buffer) : await stream.ReadAsync(buffer, stop);
            read.Write(buffer, 0, count);
        }
        while (count > 0 && Kind != "left");
        Bytes = read.ToArray();
    }

    /// <summary>Asserts that all of an answer was had, and lets go of it.</summary>
    public void Check(Answered answer, (string Name, string Value)[] trailers)
    {
        HttpResponseMessage response = _response!;
        Assert.Equal(answer.Status, (int)response.StatusCode);
        Assert.Equal(Kind == "left" ? answer.Body[..Math.Min(answer.Body.Length, _piece)] : answer.Body, Bytes);
        var fields = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).ToDictionary(static field => field.Key, static field => field.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        foreach (string name in answer.Fields.Select(static field => field.Name).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            Assert.Equal(answer[name]!.Trim(), fields[name].Trim());
        }

        Assert.Empty(fields.Keys.Except([.. answer.Fields.Select(static field => field.Name), "Content-Length", "Transfer-Encoding", "Connection"], StringComparer.OrdinalIgnoreCase));
        Assert.Equal(trailers, response.TrailingHeaders.NonValidated.Select(static field => (field.Key, field.Value.ToString())));
        Assert.Same(request, response.RequestMessage);
        response.Dispose();
        Assert.Throws<ObjectDisposedException>(() => response.Content.ReadAsStream(TestContext.Current.CancellationToken));
    }

    private HttpRequestMessage Absolute()
    {
        request.RequestUri = new Uri(client.BaseAddress!, request.RequestUri!);
        return request;
    }
}
