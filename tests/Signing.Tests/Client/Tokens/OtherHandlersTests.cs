using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Tokens;

/// <summary>Tokens and signatures against our own server, beside what users put around them: hedging, retries in the wrong place, uploads, HTTP/2, clocks.</summary>
public sealed class OtherHandlersTests : TokenTestBase
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Copies_of_one_request_that_are_sent_at_once_are_each_accepted(string method)
    {
        await using TokenApi api = await StartAsync();
        HttpClient client = ClientOf(Build(orders => Add(orders, api).AddHttpMessageHandler(() => new HedgingHandler())), "both");

        for (int i = 0; i < 10; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/echo") { Content = method == "POST" ? new StringContent("tea") : null };
            using HttpResponseMessage response = await client.SendAsync(request, Cancelled);
            Assert.Equal("200 200", Assert.Single(response.Headers.GetValues(HedgingHandler.Statuses)));
        }
    }

    [Fact]
    public async Task A_retry_below_the_signer_sends_the_same_signature_twice_which_is_a_replay()
    {
        await using TokenApi api = await StartAsync();
        HttpClient client = ClientOf(Build(orders => Add(orders, api).ConfigurePrimaryHttpMessageHandler(() => new RepeatingHandler(2) { InnerHandler = new SocketsHttpHandler() })), "both");

        using HttpResponseMessage response = await client.GetAsync(new Uri("/echo", UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("replayed", Refusal.CodeOf(response));
    }

    [Fact]
    public async Task Two_hundred_first_requests_over_one_HTTP2_connection_log_in_once()
    {
        await using TokenApi api = await StartAsync();
        HttpClient client = ClientOf(Build(orders => Add(orders, api, httpVersion: 2)), "both");

        int[] statuses = await TogetherAsync(200, () => StatusOfAsync(client, "/echo"));

        Assert.All(statuses, status => Assert.Equal(200, status));
        Assert.Single(Log.Lines, line => line.Text.Contains("access token by Login", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task An_upload_that_is_refused_before_anybody_reads_it_is_sent_once_more_and_whole(int httpVersion, bool expects)
    {
        const int Length = 4 << 20;
        await using TokenApi api = await StartAsync();
        HttpClient client = ClientOf(Build(orders => Add(orders, api, httpVersion, signs: false)), "both");
        Assert.Equal(200, await StatusOfAsync(client, "/token"));
        await api.Host.App.Services.GetRequiredService<IGrantStore>().RevokeAllAsync(GrantOwner.Client, ApiHost.Key, RevocationReason.Operator, Cancelled);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/upload")
        {
            Content = new StreamContent(new MemoryStream(new byte[Length])),
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        request.Headers.ExpectContinue = expects;

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal(Length.ToString(CultureInfo.InvariantCulture), await response.Content.ReadAsStringAsync(Cancelled));
    }

    [Theory]
    [InlineData(5, "created_in_future")]
    [InlineData(-5, null)]
    public async Task A_clock_that_is_hours_wrong_fails_in_words_and_all_is_well_when_it_is_set_right(int hours, string? refused)
    {
        await using TokenApi api = await StartAsync();
        HttpClient client = ClientOf(Build(orders => Add(orders, api)), "both");
        Assert.Equal(200, await StatusOfAsync(client, "/echo"));
        DateTimeOffset right = Time.GetUtcNow();

        Time.SetClock(right.AddHours(hours));
        if (refused is null)
        {
            // The token is as young as the other clock says; only the signature is not.
            Assert.Equal(401, await StatusOfAsync(client, "/echo"));
        }
        else
        {
            AccessTokenException told = await Assert.ThrowsAsync<AccessTokenException>(() => StatusOfAsync(client, "/echo"));
            Assert.True(told.IsTransient);
            Assert.Contains(refused, told.Message, StringComparison.Ordinal);
        }

        Time.SetClock(right);
        Time.Advance(Backoff.Longest);
        api.Host.Clock.Advance(Backoff.Longest);
        Assert.Equal(200, await StatusOfAsync(client, "/echo"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_runs_into_its_timeout_is_told_so_and_the_others_get_the_token(bool isSynchronous)
    {
        ServiceProvider services = Build();
        HttpClient patient = ClientOf(services);
        HttpClient hasty = ClientOf(services);
        hasty.Timeout = TimeSpan.FromMilliseconds(50);
        TaskCompletionSource gate = Server.HoldNext();

        Task<Exception?> first = isSynchronous
            ? Task.Run(() => Record.Exception(() => hasty.Send(new HttpRequestMessage(HttpMethod.Get, "/"), Cancelled)), Cancelled)
            : Record.ExceptionAsync(() => StatusOfAsync(hasty)).AsTask();
        Task<int> other = StatusOfAsync(patient);
        Assert.IsType<TimeoutException>(Assert.IsType<TaskCanceledException>(await first).InnerException);
        gate.SetResult();

        Assert.Equal(200, await other);
        Assert.Equal(1, Server.TokenCalls);
    }

    // With a clock of its own, which stands where the client's does.
    private async Task<TokenApi> StartAsync()
    {
        TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Map = app =>
            {
                app.Map("/echo", [Authorize(AuthenticationSchemes = "Signature,AccessToken")] (HttpContext context) => context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted));
                app.MapPost("/upload", [Authorize(AuthenticationSchemes = "AccessToken"), DisableRequestSizeLimit] async (HttpContext context) =>
                {
                    await using var body = new MemoryStream();
                    await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                    return body.Length.ToString(CultureInfo.InvariantCulture);
                });
            },
        });
        Time.SetClock(api.Host.Clock.GetUtcNow());
        return api;
    }

    private static IHttpClientBuilder Add(IHttpClientBuilder orders, TokenApi api, int httpVersion = 1, bool signs = true)
    {
        var tokens = new Uri($"http://{api.Host.Authority}");
        IHttpClientBuilder both = orders.Services.AddHttpClient("both", client =>
        {
            client.BaseAddress = httpVersion == 2 ? new Uri($"http://{api.Host.Http2Authority}") : tokens;
            client.DefaultRequestVersion = httpVersion == 2 ? HttpVersion.Version20 : HttpVersion.Version11;
            client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        });
        both.AddAccessToken(options =>
        {
            (options.Key, options.Secret) = (ApiHost.Key, ApiHost.Secret);
            options.Endpoints = new AccessTokenEndpoints { Login = new Uri(tokens, "/auth/login"), Refresh = new Uri(tokens, "/auth/refresh"), Revoke = null };
        });
        return signs ? both.AddMessageSigning(ApiHost.Key, ApiHost.Secret) : both;
    }

    // Sends a copy beside the request, with the same content, and answers with what became of both.
    private sealed class HedgingHandler : DelegatingHandler
    {
        public const string Statuses = "X-Statuses";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = request.Content, Version = request.Version, VersionPolicy = request.VersionPolicy };
            HttpResponseMessage[] both = await Task.WhenAll(
                Task.Run(() => base.SendAsync(request, cancellationToken), cancellationToken),
                Task.Run(() => base.SendAsync(copy, cancellationToken), cancellationToken));
            both[0].Headers.Add(Statuses, $"{(int)both[0].StatusCode} {(int)both[1].StatusCode}");
            both[1].Dispose();
            return both[0];
        }
    }
}
