using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Signing.Tests.Reference;
using Signing.Tests.Responses;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Leaving;

/// <summary>Stands where the connection would: lets each caller wait at its stops, refuses the first sendings of some, and signs what it answers.</summary>
internal sealed class LeavingServer(ManualTimeProvider time, SigningKey key) : HttpMessageHandler
{
    public const string Caller = "x-caller";

    private readonly MessageSigner _signer = new(new SigningPolicy(MessageKind.Response), time);

    public ConcurrentDictionary<int, LeavingCaller> Callers { get; } = new();

    /// <summary>Gets or sets the last token that is refused where a caller is to be refused.</summary>
    public int RefusedUpTo { get; set; }

    /// <summary>Gets or sets how far its clock is ahead for those who are told so.</summary>
    public TimeSpan Ahead { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        LeavingCaller caller = CallerOf(request);
        using var body = new MemoryStream();
        if (request.Content is { } content)
        {
            await content.CopyToAsync(body, cancellationToken);
        }

        if (StopOf(caller) is { } stop)
        {
            await stop.PassAsync(cancellationToken);
        }

        return Answer(caller, request, body.ToArray());
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        LeavingCaller caller = CallerOf(request);
        using var body = new MemoryStream();
        request.Content?.CopyTo(body, null, cancellationToken);
        StopOf(caller)?.Pass(cancellationToken);
        return Answer(caller, request, body.ToArray());
    }

    private LeavingCaller CallerOf(HttpRequestMessage request) => Callers[int.Parse(request.Headers.NonValidated[Caller].ToString(), CultureInfo.InvariantCulture)];

    private static Stop? StopOf(LeavingCaller caller) => caller.NextSending() switch { 1 => caller.At("send 1"), 2 => caller.At("send 2"), _ => null };

    private HttpResponseMessage Answer(LeavingCaller caller, HttpRequestMessage request, byte[] body)
    {
        Assert.Equal(caller.Body, body);
        string token = Assert.Single(request.Headers.GetValues("Authorization"));
        long created = long.Parse(request.Headers.NonValidated["Signature-Input"].ToString().Split(";created=")[1].Split(';')[0], CultureInfo.InvariantCulture);
        TimeSpan off = TimeSpan.FromSeconds(created - (time.GetUtcNow() + Ahead).ToUnixTimeSeconds()).Duration();
        HttpResponseMessage response = caller.Script switch
        {
            "token" when int.Parse(token[(token.LastIndexOf('.') + 1)..], CultureInfo.InvariantCulture) <= RefusedUpTo => Refused(401, "Bearer error=\"invalid_token\""),
            "clock" when off > TimeSpan.FromSeconds(1) => Refused(401, "Signature error=\"too_old\""),
            "floor" when caller.IsFirst => Refused(503, "Signature error=\"replay_before_floor\""),
            _ => Signed(caller, request),
        };
        response.Headers.Date = time.GetUtcNow() + Ahead;
        if ((int)response.StatusCode == 503)
        {
            response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(caller.Place == "wait" ? 30 : 0));
        }

        response.RequestMessage = request;
        return response;
    }

    private static HttpResponseMessage Refused(int status, string challenge)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status);
        response.Headers.TryAddWithoutValidation("WWW-Authenticate", challenge);
        return response;
    }

    private HttpResponseMessage Signed(LeavingCaller caller, HttpRequestMessage request)
    {
        var content = new StoppedContent(caller.Answer, caller.At("content"), isRead: true);
        caller.Contents.Add(content);
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
        List<KeyValuePair<string, string>> sent = [.. request.Headers.NonValidated.Select(static field => KeyValuePair.Create(field.Key, field.Value.ToString()))];
        var asked = new ReferenceRequest(request.Method.Method, "https", request.RequestUri!.Authority, request.RequestUri.PathAndQuery, sent, []);
        var answer = new ReferenceResponseMessage(new ReferenceResponse(200, [KeyValuePair.Create("Content-Digest", RequestDraft.DigestOf(caller.Answer))], caller.Answer, asked, "sig"));
        Span<char> input = new char[1024];
        Span<char> signature = new char[96];
        Assert.True(_signer.TrySign(in answer, key, input, signature, out int inputLength, out int signatureLength, out SignatureStatus refusal), refusal.ToString());
        response.Headers.TryAddWithoutValidation("Content-Digest", RequestDraft.DigestOf(caller.Answer));
        response.Headers.TryAddWithoutValidation("Signature-Input", input[..inputLength].ToString());
        response.Headers.TryAddWithoutValidation("Signature", signature[..signatureLength].ToString());
        return response;
    }
}
