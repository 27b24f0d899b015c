using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>The end of a token is told to whoever acts upon it, as the schemes of ASP.NET Core tell theirs.</summary>
public sealed class TicketEndTests
{
    private const string None = "none";

    private static readonly CredentialFormat Format = new(CredentialFormat.UsualPrefix);
    private static readonly DateTimeOffset LongAgo = new(2020, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(Door.Scheme, "/end/AccessToken", false, "12:15")]
    [InlineData(Door.Scheme, "/end/AccessToken", true, "12:15")]
    [InlineData(Door.Scheme, "/end/Signature", true, "12:15")]
    [InlineData(Door.Scheme, "/end/Signature,AccessToken", true, "12:15")]
    [InlineData(Door.Middleware, "/end", true, "12:15")]
    public async Task A_ticket_ends_with_its_access_token(Door door, string target, bool isSigned, string end)
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Door = door, Map = app => MapEnds(app, door) });
        (string token, _) = await api.LogInAsync();

        RawAnswer answer = await api.Host.SendAsync(api.GetDraft(target, "Authorization", $"Bearer {token}", isSigned));

        Assert.Equal((200, end), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("2030-01-01T12:05:00Z", "12:05")]
    [InlineData("2030-01-01T13:00:00Z", "12:15")]
    public async Task A_ticket_ends_with_the_credential_where_that_ends_before_its_access_token(string expires, string end)
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings { Map = app => MapEnds(app, Door.Scheme) });
        var secret = new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret));
        api.Host.Credentials.Set(new Credential(ApiHost.Key, secret) { Expires = DateTimeOffset.Parse(expires, CultureInfo.InvariantCulture) });
        (string token, _) = await api.LogInAsync();

        RawAnswer answer = await api.GetAsync(token, "/end/AccessToken");

        Assert.Equal((200, end), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData(null, null, None)]
    [InlineData("2030-01-01T13:00:00Z", null, "13:00")]
    [InlineData(null, "2030-01-01T14:00:00Z", "14:00")]
    [InlineData("2030-01-01T13:00:00Z", "2030-01-01T14:00:00Z", "13:00")]
    [InlineData("2030-01-01T15:00:00Z", "2030-01-01T14:00:00Z", "14:00")]
    public async Task A_ticket_ends_with_its_ApiToken_or_with_what_that_was_made_from(string? own, string? parents, string end)
    {
        string token = Format.CreateApiToken("live");
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Configuration = new LiveConfiguration($$"""
                { "Signing": {
                    "Credentials": [ { "Key": "k", "Secret": "0123456789abcdef"{{Expires(parents)}} } ],
                    "ApiTokens": [ { "Token": "{{token}}", "Parent": "k"{{Expires(own)}} } ] } }
                """),
            Schemes = authentication => authentication.AddApiToken(),
            Map = app => MapEnds(app, Door.Scheme),
        });

        RawAnswer answer = await api.GetAsync(token, "/end/ApiToken");

        Assert.Equal((200, end), (answer.Status, answer.Text));

        static string Expires(string? at) => at is null ? "" : $", \"Expires\": \"{at}\"";
    }

    // The clock of the API is years behind that of SignalR, so to SignalR the token has ended when it begins.
    [Fact]
    public async Task SignalR_closes_a_connection_whose_access_token_has_ended_if_it_is_asked_to()
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Clock = new ManualTimeProvider(LongAgo),
            Build = builder => builder.Services.AddSignalR(),
            Map = app => app.MapHub<QuietHub>("/hub", hub => hub.CloseOnAuthenticationExpiration = true)
                .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "AccessToken" }),
        });
        (string token, _) = await api.LogInAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await socket.ConnectAsync(new Uri($"ws://{api.Host.Authority}/hub"), TestContext.Current.CancellationToken);
        await socket.SendAsync("{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

        string said = await ReadToEndAsync(socket).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Contains("{\"type\":7", said, StringComparison.Ordinal);
    }

    private static void MapEnds(WebApplication app, Door door)
    {
        if (door == Door.Middleware)
        {
            app.MapGet("/end", EndOf);
            return;
        }

        foreach (string schemes in (string[])["AccessToken", "ApiToken", "Signature", "Signature,AccessToken"])
        {
            app.MapGet($"/end/{schemes}", EndOf).RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = schemes });
        }
    }

    private static string EndOf(HttpContext context) =>
        context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc?.ToString("HH:mm", CultureInfo.InvariantCulture) ?? None;

    private static async Task<string> ReadToEndAsync(ClientWebSocket socket)
    {
        var said = new StringBuilder();
        byte[] buffer = new byte[1024];
        while (true)
        {
            WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return said.ToString();
            }

            said.Append(Encoding.UTF8.GetString(buffer, 0, result.Count));
        }
    }

    private sealed class QuietHub : Hub;
}
