using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Client;
using Signing.Tests.Fuzz;
using Signing.Tests.Support;

namespace Signing.Tests.Responses.Model;

/// <summary>Many threads with tokens and signed answers of our own server, of which each cancels another's request now and then, while the login is revoked in between.</summary>
internal sealed class LeavingStorm(int seed) : IAsyncDisposable
{
    private const int Threads = 6;
    private const int Requests = 40;

    private readonly bool _isHttp2 = seed % 2 == 1;
    private readonly CancellationTokenSource[] _leaving = new CancellationTokenSource[Threads];
    private TokenApi _api = null!;
    private ServiceProvider _services = null!;
    private int _answered;
    private int _left;
    private int _issued;

    public int Answered => _answered;

    public int Left => _left;

    public async Task RunAsync()
    {
        _api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Build = builder => builder.Services.AddResponseSignature(static options => options.Sign = SignedResponses.All),
            Before = app =>
            {
                app.Use((context, next) =>
                {
                    _ = context.Request.Path.StartsWithSegments("/auth", StringComparison.Ordinal) && Interlocked.Increment(ref _issued) > 0;
                    return next(context);
                });
                app.UseResponseSignature();
            },
            Map = static app => app.Map("/echo/{name}", [Authorize(AuthenticationSchemes = "Signature,AccessToken")] async (string name, HttpContext context) =>
            {
                await context.Response.WriteAsync(name, context.RequestAborted);
                await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
            }),
        });
        _services = Services();
        for (int thread = 0; thread < Threads; thread++)
        {
            _leaving[thread] = new CancellationTokenSource();
        }

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () => ThreadAsync(thread), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

        // Whoever has left, one request more finds the token and the connection in order.
        Assert.Null(await SendAsync(new Draw(seed), "last", CancellationToken.None));
        Assert.Equal(3, _issued);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _api.DisposeAsync();
        Assert.All(_leaving, static leaving => leaving.Dispose());
    }

    private async Task ThreadAsync(int thread)
    {
        var draw = new Draw((seed * 100) + thread);
        for (int request = 0; request < Requests; request++)
        {
            var leaving = new CancellationTokenSource();
            Interlocked.Exchange(ref _leaving[thread], leaving);
            Exception? thrown = await SendAsync(draw, $"{thread}-{request}", leaving.Token);
            if (thrown is not null)
            {
                Assert.True(thrown is OperationCanceledException { InnerException: not TimeoutException } left && left.CancellationToken == leaving.Token && leaving.IsCancellationRequested, $"Seed {seed}: {thrown}");
            }

            Interlocked.Increment(ref thrown is null ? ref _answered : ref _left);
            if (draw.OneIn(2))
            {
                await Volatile.Read(ref _leaving[draw.Below(Threads)]).CancelAsync();
            }

            if (thread == 0 && request == Requests / 2)
            {
                await _api.Host.App.Services.GetRequiredService<IGrantStore>().RevokeAllAsync(GrantOwner.Client, ApiHost.Key, RevocationReason.Operator, CancellationToken.None);
            }
        }
    }

    private async Task<Exception?> SendAsync(Draw draw, string name, CancellationToken cancellationToken)
    {
        HttpClient client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("storm");
        byte[] body = new byte[draw.Of(0, 10, 50_000)];
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"/echo/{name}", UriKind.Relative))
        {
            Version = _isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = draw.OneIn(2) ? new ByteArrayContent(body) : new StreamContent(new OneWayStream(body)),
        };
        bool isSynchronous = !_isHttp2 && draw.OneIn(3);

        // HttpClient.Send may hand out what it has disposed of if it is cancelled while it buffers.
        HttpCompletionOption completion = isSynchronous ? HttpCompletionOption.ResponseHeadersRead : draw.Of(HttpCompletionOption.ResponseContentRead, HttpCompletionOption.ResponseHeadersRead);
        try
        {
            using HttpResponseMessage response = isSynchronous ? client.Send(request, completion, cancellationToken) : await client.SendAsync(request, completion, cancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(CancellationToken.None);
            Assert.Equal([.. System.Text.Encoding.ASCII.GetBytes(name), .. body], answer);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
        finally
        {
            Assert.False(request.Headers.Contains("Authorization"));
        }
    }

    private ServiceProvider Services()
    {
        var tokens = new Uri($"http://{_api.Host.Authority}");
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_api.Host.Clock);
        services.AddHttpClient("storm", client => client.BaseAddress = _isHttp2 ? new Uri($"http://{_api.Host.Http2Authority}") : tokens)
            .AddAccessToken(options =>
            {
                (options.Key, options.Secret) = (ApiHost.Key, ApiHost.Secret);
                options.Endpoints = new AccessTokenEndpoints { Login = new Uri(tokens, "/auth/login"), Refresh = new Uri(tokens, "/auth/refresh"), Revoke = null };
            })
            .AddMessageSigning(static options =>
            {
                (options.Key, options.Secret) = (ApiHost.Key, ApiHost.Secret);
                options.Responses.Required = true;
            });
        return services.BuildServiceProvider();
    }
}
