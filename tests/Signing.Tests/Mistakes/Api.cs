using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

/// <summary>One way into an API: a door of it, and how its callers speak HTTP.</summary>
public sealed class Api(ApiHost host, Wire wire)
{
    public ApiHost Host => host;

    public Wire Wire => wire;

    private string Name => $"{host.Settings.Door} over {wire}";

    public RequestDraft Draft(string method = "GET", string target = "/orders?id=7", byte[]? body = null) => host.Draft(method, target, body);

    /// <summary>Drafts a request with content, whose digest is covered.</summary>
    public RequestDraft Post(string content = "amount=1") => Draft("POST", "/pay", [.. content.Select(c => (byte)c)]);

    public Task<RawAnswer> SendAsync(RequestDraft draft) => wire switch
    {
        Wire.Http1 => host.SendAsync(draft),
        Wire.Http2 => host.SendHttp2Async(draft),
        _ => RawHttp2.SendAsync(host.Http2Port, draft.ToHttp2Fields(), draft.Body),
    };

    /// <summary>Proves that a request reaches the endpoint once, as its key, with all of its content.</summary>
    public async Task AcceptsAsync(RequestDraft draft, string user = ApiHost.Key)
    {
        int calls = host.Calls;
        RawAnswer answer = await SendAsync(draft);
        Assert.True(answer.Status == 200, $"{Name} refuses what it must accept: {answer}");
        Assert.Equal(user, answer.User);
        Assert.Equal(draft.Body ?? [], answer.Body);
        Assert.Equal(calls + 1, host.Calls);
    }

    /// <summary>Proves that a request is refused with 401, for this very reason, without an endpoint or the operator hearing of it.</summary>
    public async Task RefusesAsync(RequestDraft draft, string code) => await RefusesAsync(() => SendAsync(draft), code);

    /// <inheritdoc cref="RefusesAsync(RequestDraft, string)"/>
    public async Task RefusesAsync(Func<Task<RawAnswer>> send, string code)
    {
        int calls = host.Calls;
        RawAnswer answer = await send();
        Assert.True((answer.Status, answer.Code) == (401, code), $"{Name} ought to say 401 {code}: {answer}");
        Assert.Equal($"Signature error=\"{code}\"", answer["WWW-Authenticate"]);
        Assert.Equal(calls, host.Calls);
        Assert.Empty(host.Log.Alarms);
    }

    /// <summary>Proves that a request ends before any endpoint: the server itself takes it for no HTTP, or else it is refused for this reason.</summary>
    public async Task KeepsOutAsync(Func<Task<RawAnswer>> send, string? code = null)
    {
        int calls = host.Calls;
        RawAnswer answer = await send();
        bool isNoHttp = answer.Status == 400 || (wire == Wire.Http2Frames && answer.Status == 0);
        Assert.True(isNoHttp || (code is not null && (answer.Status, answer.Code) == (401, code)), $"{Name} ought to say 400 or 401 {code}: {answer}");
        Assert.Equal(calls, host.Calls);
        Assert.Empty(host.Log.Alarms);
    }
}
