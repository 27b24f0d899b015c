using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Tokens;

/// <summary>A real Kestrel that issues tokens and takes them, counts what it is asked, and does what a test tells it to.</summary>
/// <remarks>It issues <c>access-1</c> with <c>refresh-1</c>, then <c>access-2</c> and so on; its API accepts only what was issued last.</remarks>
public sealed class TokenServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _script = new();
    private readonly ConcurrentQueue<RawRequest> _tokenRequests = new();
    private readonly ConcurrentQueue<RawRequest> _apiRequests = new();
    private WebApplication _app = null!;
    private int _issued;
    private int _logins;
    private int _refreshes;
    private int _revocations;
    private int _apiCalls;

    private TokenServer()
    {
    }

    public Uri Address { get; private set; } = null!;

    public int Logins => _logins;

    public int Refreshes => _refreshes;

    public int Revocations => _revocations;

    public int TokenCalls => _logins + _refreshes + _revocations;

    public int ApiCalls => _apiCalls;

    /// <summary>Gets how many grants were given.</summary>
    public int Issued => _issued;

    public RawRequest[] TokenRequests => [.. _tokenRequests];

    public RawRequest[] ApiRequests => [.. _apiRequests];

    /// <summary>Gets or sets what <c>expires_in</c> says, as JSON.</summary>
    public string ExpiresIn { get; set; } = "900";

    /// <summary>Gets or sets the token that the API accepts; by default the last that was issued.</summary>
    public string? Accepted { get; set; }

    /// <summary>Gets or sets the body of a grant for a request of its own kind; otherwise tokens are numbered.</summary>
    public Func<RawRequest, string>? GrantFor { get; set; }

    /// <summary>Gets or sets the name of the header that the API looks at, and what stands before the token in it.</summary>
    public (string Name, string Prefix) Header { get; set; } = ("Authorization", "Bearer ");

    /// <summary>Gets or sets what the API answers instead, if it returns <see langword="true"/>.</summary>
    public Func<HttpContext, Task<bool>>? Api { get; set; }

    /// <summary>Gets what is counted up when a call of a token endpoint has arrived.</summary>
    public SemaphoreSlim Arrived { get; } = new(0);

    public static async Task<TokenServer> StartAsync()
    {
        var server = new TokenServer();
        WebApplicationBuilder builder = ApiHost.CreateBuilder();
        server._app = builder.Build();
        server._app.Run(server.HandleAsync);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        server.Address = new Uri(server._app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        return server;
    }

    /// <summary>Answers the next call of a token endpoint in this way; calls that nothing was scripted for are answered as they should be.</summary>
    public void Next(Func<HttpContext, Task> answer) => _script.Enqueue(answer);

    public void Next(int status, string body = "", string headers = "") => Next(context => WriteAsync(context, status, body, headers));

    /// <summary>Lets the next call of a token endpoint wait until the source is completed; it is then answered in this way, or as it should be.</summary>
    public TaskCompletionSource HoldNext(Func<HttpContext, Task>? then = null)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Next(async context =>
        {
            await gate.Task.WaitAsync(context.RequestAborted);
            await (then ?? AnswerAsync)(context);
        });
        return gate;
    }

    /// <summary>Lets the next call of a token endpoint wait until the client gives up.</summary>
    public void HangNext() => Next(static context => new TaskCompletionSource().Task.WaitAsync(context.RequestAborted));

    /// <summary>Gives a grant without being asked over HTTP.</summary>
    public string Grant()
    {
        int number = Interlocked.Increment(ref _issued);
        Accepted = $"access-{number}";
        return $$"""{"access_token":"access-{{number}}","token_type":"Bearer","expires_in":{{ExpiresIn}},"refresh_token":"refresh-{{number}}"}""";
    }

    public static async Task WriteAsync(HttpContext context, int status, string body = "", string headers = "")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        foreach (string header in headers.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = header.Split(": ", 2);
            context.Response.Headers.Append(parts[0], parts[1]);
        }

        await context.Response.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Answers a call of a token endpoint as it should be.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        string? refreshToken = await RefreshTokenOfAsync(context);
        if (context.Request.Path == "/auth/revoke")
        {
            Accepted = null;
            await WriteAsync(context, 200);
        }
        else if (refreshToken is null || refreshToken == $"refresh-{Issued}")
        {
            await WriteAsync(context, 200, Grant(), "Cache-Control: no-store");
        }
        else
        {
            await WriteAsync(context, 400, """{"error":"invalid_grant"}""");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Arrived.Dispose();
    }

    private static async Task<string?> RefreshTokenOfAsync(HttpContext context)
    {
        context.Request.Body.Position = 0;
        if (context.Request.HasFormContentType)
        {
            return (await context.Request.ReadFormAsync(context.RequestAborted))["refresh_token"].SingleOrDefault();
        }

        using JsonDocument json = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        return json.RootElement.TryGetProperty("refresh_token", out JsonElement token) ? token.GetString() : null;
    }

    private async Task HandleAsync(HttpContext context)
    {
        context.Request.EnableBuffering();
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        context.Request.Body.Position = 0;
        var seen = new RawRequest(HeadOf(context), body.ToArray());
        try
        {
            await (context.Request.Path.StartsWithSegments("/auth", StringComparison.Ordinal) ? IssueAsync(context, seen) : ServeAsync(context, seen));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has given up.
        }
    }

    private async Task IssueAsync(HttpContext context, RawRequest seen)
    {
        _tokenRequests.Enqueue(seen);
        bool refreshes = await RefreshTokenOfAsync(context) is not null;
        _ = context.Request.Path == "/auth/revoke" ? Interlocked.Increment(ref _revocations) : refreshes ? Interlocked.Increment(ref _refreshes) : Interlocked.Increment(ref _logins);
        Arrived.Release();
        if (_script.TryDequeue(out Func<HttpContext, Task>? answer))
        {
            await answer(context);
            return;
        }

        await (GrantFor is null ? AnswerAsync(context) : WriteAsync(context, 200, GrantFor(seen)));
    }

    private async Task ServeAsync(HttpContext context, RawRequest seen)
    {
        _apiRequests.Enqueue(seen);
        Interlocked.Increment(ref _apiCalls);
        if (Api is not null && await Api(context))
        {
            return;
        }

        bool isAccepted = Accepted is not null && context.Request.Headers[Header.Name] == Header.Prefix + Accepted;
        await WriteAsync(context, isAccepted ? 200 : 401, isAccepted ? seen.Text : "", isAccepted ? "" : "WWW-Authenticate: Bearer error=\"invalid_token\", code=\"expired\"");
    }

    private static string HeadOf(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return string.Join("\r\n", context.Request.Headers.SelectMany(field => field.Value, (field, value) => $"{field.Key}: {value}").Prepend($"{context.Request.Method} {target} HTTP/1.1"));
    }
}
