using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

public sealed class GateTests
{
    private static readonly string[] Changing = ["POST", "PATCH", "DELETE"];

    [Fact]
    public async Task Nobody_reaches_a_route_without_signing_in()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller stranger = host.Stranger();
        foreach (ManagementCall call in ManagementCall.All)
        {
            RawAnswer answer = await stranger.SendAsync(call.Method, host.Own.In(call.Path), call.Body is null ? null : "{ not even JSON");

            Assert.True(answer is { Status: 401, Code: "not_signed_in" } && answer["Location"] is null && answer["Cache-Control"] == "no-store", $"{call}: {answer}");
        }
    }

    [Fact]
    public async Task A_page_that_nobody_is_signed_in_for_is_challenged_by_the_hosts_scheme()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();

        RawAnswer page = await host.Stranger().OpenAsync("/signing/keys");
        RawAnswer file = await host.Stranger().OpenAsync("/signing/assets/main.js");

        Assert.Equal((302, "/login"), (page.Status, page["Location"]));
        Assert.Equal((401, null), (file.Status, file["Location"]));
        Assert.DoesNotContain("import", file.Text);
    }

    [Theory]
    [InlineData("Signature", false, 401)]
    [InlineData("Signature", true, 401)]
    [InlineData("ApiToken", false, 401)]
    [InlineData("Signature,Person", false, 302)]
    [InlineData("Signature,Person", true, 302)]
    public async Task A_stranger_is_answered_once_where_the_policy_names_a_scheme_that_answers_itself(string schemes, bool isWriter, int statusOfPage)
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Services = services =>
            {
                services.Configure<AuthorizationOptions>(options => options.AddPolicy("viewer", policy => policy.AddAuthenticationSchemes(schemes.Split(',')).RequireAuthenticatedUser()));
                if (isWriter)
                {
                    services.AddProblemDetails();
                }
            },
        });

        RawAnswer api = await host.SendAsync($"GET /signing/api/v1/me HTTP/1.1\r\nHost: 127.0.0.1:{host.Port}\r\n\r\n");
        RawAnswer page = await host.SendAsync($"GET /signing HTTP/1.1\r\nHost: 127.0.0.1:{host.Port}\r\n\r\n");

        Assert.Equal((401, "not_signed_in"), (api.Status, api.Code));
        Assert.NotNull(api["WWW-Authenticate"]);
        Assert.Equal(statusOfPage, page.Status);
        Assert.Equal(statusOfPage == 401, page.Text.Contains("<h1>401 Unauthorized</h1>", StringComparison.Ordinal));
        Assert.DoesNotContain("{", page.Text, StringComparison.Ordinal);
        Assert.Empty(host.Log.Alarms);
    }

    [Theory]
    [InlineData("Signature", null, 503, "credential_store_unavailable")]
    [InlineData("ApiToken", null, 503, "credential_store_unavailable")]
    [InlineData("Signature", ReplayClaim.Unavailable, 503, "replay_store_unavailable")]
    [InlineData("Signature", ReplayClaim.QuotaExceeded, 429, "replay_quota_exceeded")]
    public async Task Who_cannot_be_known_because_a_store_does_not_answer_is_told_that(string scheme, ReplayClaim? claim, int status, string code)
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Services = services =>
            {
                services.Configure<AuthorizationOptions>(options => options.AddPolicy("viewer", policy => policy.AddAuthenticationSchemes(scheme).RequireAuthenticatedUser()));
                if (claim is { } answer)
                {
                    services.AddSingleton<IReplayStore>(new FixedReplayStore(answer));
                }
                else
                {
                    services.AddKeyedSingleton<ICredentialSource>(scheme, new CredentialBook { Failure = new TimeoutException() });
                }
            },
        });

        RawAnswer[] answers = [.. await Task.WhenAll(new[] { "/signing/api/v1/me", "/signing" }.Select(SendAsync))];
        (RawAnswer api, RawAnswer page) = (answers[0], answers[1]);

        Assert.Equal((status, code), (api.Status, api.Code));
        Assert.NotNull(api["Retry-After"]);
        Assert.Equal((status, "text/html; charset=utf-8"), (page.Status, page["Content-Type"]));
        Assert.Contains($"<h1>{status} ", page.Text, StringComparison.Ordinal);
        string[] logged = [.. host.Log.Lines.Where(line => line is { Id: 5001, Category: "Signing.Management" }).Select(line => line.Text)];
        Assert.Equal(2, logged.Length);
        Assert.All(logged, line => Assert.Contains(code, line, StringComparison.Ordinal));

        Task<RawAnswer> SendAsync(string target) => scheme == "ApiToken"
            ? host.SendAsync($"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{host.Port}\r\nAuthorization: Bearer {host.Own.Texts[1]}\r\n\r\n")
            : host.SendAsync(host.Draft(host.Own.KeyPair, host.Own.Texts[0], target: target));
    }

    [Fact]
    public async Task Who_is_no_viewer_gets_a_page_in_plain_words()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();

        RawAnswer answer = await host.SignIn("manager").OpenAsync("/signing");

        Assert.Equal(403, answer.Status);
        Assert.StartsWith("text/html", answer["Content-Type"]);
        Assert.Contains("<h1>403 Forbidden</h1>", answer.Text);
        Assert.DoesNotContain("<script", answer.Text);
    }

    [Fact]
    public async Task A_change_without_the_pages_token_or_from_elsewhere_is_refused()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller manager = host.SignIn("viewer,manager,revealer,administrator");
        Action<HttpRequestMessage>[] attacks =
        [
            static request => request.Headers.Remove("RequestVerificationToken"),
            static request => Set(request, "RequestVerificationToken", "forged"),
            static request => Set(request, "RequestVerificationToken", request.Headers.GetValues("RequestVerificationToken").Single()[..^6] + "AAAAAA"),
            static request => request.Headers.Remove("Cookie"),
            static request => Set(request, "Origin", "https://evil.example"),
            static request => Set(request, "Origin", "null"),
            request => Set(request, "Origin", $"http://127.0.0.1:{host.Port + 1}"),
            request => Set(request, "Origin", $"http://127.0.0.1:{host.Port}.evil.example"),
            static request => Set(request, "Sec-Fetch-Site", "cross-site"),
            static request => Set(request, "Sec-Fetch-Site", "same-site"),
            static request => Set(request, "Sec-Fetch-Site", "none"),
            static request =>
            {
                request.Headers.Remove("Origin");
                request.Headers.Remove("Sec-Fetch-Site");
            },

            // Somebody else's token.
            static request => Set(request, PersonHandler.NameHeader, "mallory"),
        ];
        await manager.SendAsync("POST", $"/credentials/{host.Own.KeyPair.Id}:resume");
        for (int i = 0; i < attacks.Length; i++)
        {
            ManagementCaller attacker = manager.With(attacks[i]);
            foreach (ManagementCall call in ManagementCall.All.Where(call => Changing.Contains(call.Method)))
            {
                RawAnswer answer = await attacker.SendAsync(call.Method, host.Own.In(call.Path), call.Body is null ? null : host.Own.In(call.Body));

                Assert.True(answer is { Status: 403, Code: "antiforgery_failed" }, $"attack {i}, {call}: {answer}");
            }
        }

        Assert.Equal(host.Own.KeyPair.Version, (await host.Store.GetAsync<CredentialRecord>(host.Own.KeyPair.Id, TestContext.Current.CancellationToken))!.Version);
    }

    [Fact]
    public async Task A_change_behind_a_proxy_that_ends_TLS_is_taken_when_the_browser_vouches_for_it()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller manager = host.SignIn("viewer,manager").With(request => Set(request, "Origin", $"https://127.0.0.1:{host.Port}"));

        Assert.Equal(200, (await manager.SendAsync("POST", $"/credentials/{host.Own.KeyPair.Id}:suspend")).Status);
        ManagementCaller silent = manager.With(request =>
        {
            Set(request, "Origin", $"https://127.0.0.1:{host.Port}");
            request.Headers.Remove("Sec-Fetch-Site");
        });
        Assert.Equal("antiforgery_failed", (await silent.SendAsync("POST", $"/credentials/{host.Own.KeyPair.Id}:suspend")).Code);
        ManagementCaller withoutOrigin = manager.With(static request => request.Headers.Remove("Origin"));
        Assert.Equal(200, (await withoutOrigin.SendAsync("POST", $"/credentials/{host.Own.KeyPair.Id}:resume")).Status);
    }

    [Fact]
    public async Task Every_answer_forbids_to_store_frame_and_guess()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        ManagementCaller viewer = host.SignIn("viewer");
        RawAnswer[] answers =
        [
            await viewer.GetAsync("/me"), await viewer.GetAsync("/credentials"), await viewer.GetAsync("/credentials/crd_none"), await viewer.SendAsync("POST", "/workspaces", "{"),
            await host.Stranger().GetAsync("/me"), await viewer.OpenAsync("/signing"), await host.SignIn("").OpenAsync("/signing"), await viewer.OpenAsync("/signing/assets/main.js"),
        ];

        Assert.All(answers, answer =>
        {
            Assert.Equal("nosniff", answer["X-Content-Type-Options"]);
            Assert.Equal("DENY", answer["X-Frame-Options"]);
            Assert.Equal("no-referrer", answer["Referrer-Policy"]);
            Assert.Contains("frame-ancestors 'none'", answer["Content-Security-Policy"]);
            Assert.DoesNotContain("unsafe", answer["Content-Security-Policy"]);
        });
        Assert.All(answers[..^1], answer => Assert.Contains("no-store", answer["Cache-Control"]));
    }

    [Fact]
    public async Task Asking_who_one_is_leaves_no_warning_in_the_log()
    {
        await using ManagementHost host = await ManagementHost.StartAsync();
        host.Log.Clear();

        RawAnswer answer = await host.SignIn("viewer").GetAsync("/me");

        Assert.Contains("no-store", answer["Cache-Control"]);
        Assert.Contains(host.Log.Lines, static line => line.Category.StartsWith("Microsoft.AspNetCore.Antiforgery", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Log.Lines, static line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task What_the_builder_is_told_covers_everything_that_was_mapped()
    {
        await using ManagementHost host = await ManagementHost.StartAsync(new ManagementHostSettings
        {
            Map = static app => app.MapSigningManagement("/signing").RequireHost("ops.example"),
        });
        ManagementCaller viewer = host.SignIn("viewer");

        Assert.Equal(404, (await viewer.OpenAsync("/signing")).Status);
        Assert.Equal(404, (await viewer.OpenAsync("/signing/assets/main.js")).Status);
        Assert.Equal(404, (await viewer.GetAsync("/me")).Status);
        Assert.Equal(200, (await viewer.With(static request => request.Headers.Host = "ops.example").GetAsync("/me")).Status);
    }

    private static void Set(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }
}
