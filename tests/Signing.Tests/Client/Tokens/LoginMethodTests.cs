using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>What goes over the wire to log in and to refresh, in each of the ways.</summary>
public sealed class LoginMethodTests : TokenTestBase
{
    private const string OddKey = "key:one two";
    private const string OddSecret = "secret: &=+%ö at least 16";

    [Fact]
    public async Task By_default_each_call_is_signed_and_the_secret_does_not_travel()
    {
        using var key = new SigningKey(KeyId, Secret);
        AccessTokenSource source = SourceOf(Build(change: options => (options.SharingKey, options.Scopes) = ("sharing-1", ["orders.write", "orders.read"])));
        await LogInAndRefreshAsync(source);

        Assert.Equal(["/auth/login", "/auth/refresh"], Server.TokenRequests.Select(request => request.Target));
        Assert.Equal("""{"client_id":"acme_key_1","sharing_key":"sharing-1","scope":"orders.read orders.write"}""", Server.TokenRequests[0].Text);
        Assert.Equal("""{"refresh_token":"refresh-1"}""", Server.TokenRequests[1].Text);
        Assert.All(Server.TokenRequests, request =>
        {
            Assert.Equal(SignatureStatus.Verified, request.Verify(key, Time, new VerificationPolicy { MaxAge = TimeSpan.FromHours(1) }));
            Assert.Contains("content-digest", request.Covered(), StringComparer.Ordinal);
            Assert.DoesNotContain(Secret, request.Head + request.Text, StringComparison.Ordinal);
            Assert.Equal("application/json", request["accept"]);
        });
    }

    [Fact]
    public async Task A_secret_may_travel_in_JSON()
    {
        await LogInAndRefreshAsync(SourceOf(Build(change: options => options.Login = LoginMethod.ClientSecretJson)));

        Assert.Equal(["/auth/login", "/auth/refresh"], Server.TokenRequests.Select(request => request.Target));
        Assert.Equal($$"""{"client_id":"acme_key_1","client_secret":"{{Secret}}"}""", Server.TokenRequests[0].Text);
        Assert.Equal($$"""{"refresh_token":"refresh-1","client_id":"acme_key_1","client_secret":"{{Secret}}"}""", Server.TokenRequests[1].Text);
        Assert.All(Server.TokenRequests, request => Assert.Empty(request.Lines("signature")));
    }

    [Fact]
    public async Task A_token_endpoint_of_RFC_6749_takes_a_form_with_the_secret_in_Basic()
    {
        AccessTokenSource source = SourceOf(Build(change: options => (options.Key, options.Secret, options.Login, options.Scopes) = (OddKey, OddSecret, LoginMethod.ClientSecretBasic, ["a"])));
        await LogInAndRefreshAsync(source);
        await source.RevokeAsync(Cancelled);

        Assert.Equal(["/auth/token", "/auth/token", "/auth/revoke"], Server.TokenRequests.Select(request => request.Target));
        Assert.Equal(["grant_type=client_credentials&scope=a", "grant_type=refresh_token&refresh_token=refresh-1", "token=refresh-2&token_type_hint=refresh_token"], Server.TokenRequests.Select(request => request.Text));

        // RFC 6749 §2.3.1: form-encoded first.
        string expected = Convert.ToBase64String(Encoding.ASCII.GetBytes("key%3Aone+two:secret%3A+%26%3D%2B%25%C3%B6+at+least+16"));
        Assert.All(Server.TokenRequests, request => Assert.Equal("Basic " + expected, request["authorization"]));
    }

    [Fact]
    public async Task A_token_endpoint_of_RFC_6749_takes_a_form_with_the_secret_in_it()
    {
        await LogInAndRefreshAsync(SourceOf(Build(change: options => options.Login = LoginMethod.ClientSecretPost)));

        Assert.Equal(
            [$"grant_type=client_credentials&client_id={KeyId}&client_secret={Secret}", $"grant_type=refresh_token&refresh_token=refresh-1&client_id={KeyId}&client_secret={Secret}"],
            Server.TokenRequests.Select(request => request.Text));
        Assert.All(Server.TokenRequests, request => Assert.Empty(request.Lines("authorization")));
    }

    [Fact]
    public async Task Without_a_base_address_the_token_of_a_form_is_for_the_origin_that_gives_it()
    {
        var options = new AccessTokenOptions { Key = KeyId, Secret = Secret, Login = LoginMethod.ClientSecretPost, SharingKey = "" };
        (options.Endpoints.Token, options.Endpoints.Revoke) = (new Uri(Server.Address, "/auth/token"), null);
        await using var source = new AccessTokenSource(options, timeProvider: Time);
        using var client = new HttpClient(new AccessTokenHandler(source));

        using HttpResponseMessage response = await client.GetAsync(Server.Address, Cancelled);

        Assert.Equal((200, "Bearer access-1"), ((int)response.StatusCode, Server.ApiRequests.Single()["authorization"]));
        Assert.Equal($"grant_type=client_credentials&client_id={KeyId}&client_secret={Secret}", Server.TokenRequests.Single().Text);
    }

    [Fact]
    public async Task A_login_is_signed_in_plain_http_too_where_that_is_allowed()
    {
        var options = new AccessTokenOptions { Key = KeyId, Secret = Secret, AllowPlainHttp = true };
        options.Endpoints = new AccessTokenEndpoints { Login = new Uri("http://api.example/auth/login"), Refresh = new Uri("http://api.example/auth/refresh"), Revoke = null };
        var connection = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, Server.Address.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        await using var source = new AccessTokenSource(options, connection, timeProvider: Time);

        Assert.Equal("access-1", (await source.GetAsync(Cancelled)).Value);
    }

    [Fact]
    public async Task A_wrong_clock_is_learnt_from_the_token_endpoint_as_from_any_other()
    {
        Server.Next(401, """{"error":"invalid_client"}""", $"Date: {Time.GetUtcNow().AddMinutes(20):R}\r\nWWW-Authenticate: Signature error=\"too_old\"");

        AccessToken token = await SourceOf(Build()).GetAsync(Cancelled);

        Assert.Equal("access-1", token.Value);
        Assert.Contains($";created={Time.GetUtcNow().AddMinutes(20).ToUnixTimeSeconds()};", Server.TokenRequests[^1]["signature-input"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("too_old", true)]
    [InlineData("expired_signature", true)]
    [InlineData("suspended", true)]
    [InlineData("workspace_disabled", true)]
    [InlineData("invalid_credential", false)]
    [InlineData("expired", true)]
    [InlineData("revoked", false)]
    public async Task A_refusal_that_time_or_an_operator_mends_is_not_for_good(string code, bool isTransient)
    {
        Server.Next(401, $$"""{"error":"invalid_client","code":"{{code}}"}""", $"Date: {Time.GetUtcNow().AddDays(3):R}\r\nWWW-Authenticate: Signature error=\"{code}\"");
        AccessTokenSource source = SourceOf(Build());

        AccessTokenException refused = await Assert.ThrowsAsync<AccessTokenException>(() => source.GetAsync(Cancelled).AsTask());
        Time.Advance(Backoff.Longest);

        Assert.Equal(isTransient, refused.IsTransient);
        Assert.Equal(isTransient, await Record.ExceptionAsync(() => source.GetAsync(Cancelled).AsTask()) is null);
    }

    [Theory]
    [InlineData(LoginMethod.Signature)]
    [InlineData(LoginMethod.ClientSecretJson)]
    public async Task A_redirect_of_a_token_endpoint_is_not_followed(LoginMethod method)
    {
        await using TokenServer other = await TokenServer.StartAsync();
        Server.Next(307, "", $"Location: {other.Address}auth/login");
        ServiceProvider services = Build(
            orders => orders.Services.AddHttpClient(AccessTokenOptions.BackchannelName).ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler { AllowAutoRedirect = true }),
            options => options.Login = method);

        await Assert.ThrowsAsync<AccessTokenException>(() => SourceOf(services).GetAsync(Cancelled).AsTask());

        Assert.Equal(0, other.TokenCalls);
    }

    [Fact]
    public async Task No_cookie_of_a_token_endpoint_is_kept()
    {
        Server.Next(context =>
        {
            context.Response.Headers.SetCookie = "session=1; Path=/";
            return TokenServer.WriteAsync(context, 200, Server.Grant());
        });

        AccessTokenSource source = SourceOf(Build());
        await source.GetAsync(Cancelled);
        Time.Advance(Unusable);
        await source.GetAsync(Cancelled);

        Assert.Equal(2, Server.TokenRequests.Length);
        Assert.Empty(Server.TokenRequests[1].Lines("cookie"));
    }

    private async Task LogInAndRefreshAsync(AccessTokenSource source)
    {
        await source.GetAsync(Cancelled);
        Time.Advance(Unusable);
        await source.GetAsync(Cancelled);
        Assert.Equal((1, 1), (Server.Logins, Server.Refreshes));
    }
}
