using Microsoft.Extensions.DependencyInjection;
using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>A request that gets no token because of its origin, and what the log says when that is refused.</summary>
public sealed class LeftOutTests : TokenTestBase
{
    private const int SentWithoutToken = 20;

    [Theory]
    [InlineData("access token", false)]
    [InlineData("access token", true)]
    [InlineData("ApiToken", false)]
    [InlineData("ApiToken", true)]
    public async Task A_refusal_is_explained_once_with_the_origin_and_with_those_that_get_the_token(string token, bool isSynchronous)
    {
        HttpClient client = ClientOf(token);

        int[] answers = [await StatusAsync(client, isSynchronous), await StatusAsync(client, isSynchronous)];

        Assert.Equal([401, 401], answers);
        Assert.All(Server.ApiRequests, request => Assert.Empty(request.Lines("authorization")));
        Assert.Equal(
            $"Warning: {Server.Address.Host} refused a request that went without a token, because http://127.0.0.1:{Server.Address.Port} is none of the origins that get it: https://api.example:8443. Name it in Header.Origins if it may have the token.",
            Assert.Single(Told()));
    }

    [Theory]
    [InlineData("accepted")]
    [InlineData("refused for its signature")]
    [InlineData("refused for its scope")]
    [InlineData("skipped")]
    [InlineData("with a header of its own")]
    public async Task Nothing_is_said_of_a_request_that_no_token_would_have_helped(string how)
    {
        HttpClient client = ClientOf("access token");
        Server.Api = async context =>
        {
            (int status, string challenge) = how switch
            {
                "accepted" => (200, "Bearer"),
                "refused for its signature" => (401, "Signature error=\"invalid_credential\", code=\"invalid_credential\""),
                "refused for its scope" => (401, "Bearer error=\"insufficient_scope\", code=\"insufficient_scope\""),
                _ => (401, "Bearer error=\"invalid_token\", code=\"expired\""),
            };
            await TokenServer.WriteAsync(context, status, headers: $"WWW-Authenticate: {challenge}");
            return true;
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.Address);
        if (how == "skipped")
        {
            request.Options.Set(TokenOverrides.Skip, true);
        }
        else if (how == "with a header of its own")
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Basic none");
        }

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal(how == "accepted" ? 200 : 401, (int)response.StatusCode);
        Assert.Empty(Told());
    }

    // The Kestrel here is none of the token's origins.
    private HttpClient ClientOf(string token)
    {
        const string Other = "https://api.example:8443";
        return token == "ApiToken"
            ? ClientOf(Build(orders => orders.Services.AddHttpClient("reports").AddApiToken(options => (options.Token, options.Header.Origins) = ("access-0", [Other]))), "reports")
            : ClientOf(Build(change: options => options.Header.Origins = [Other]));
    }

    private async Task<int> StatusAsync(HttpClient client, bool isSynchronous)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.Address);
        using HttpResponseMessage response = isSynchronous ? client.Send(request, Cancelled) : await client.SendAsync(request, Cancelled);
        return (int)response.StatusCode;
    }

    private string[] Told() => [.. Log.Lines.Where(line => line.Id == SentWithoutToken && line.Category.StartsWith("Signing.Client", StringComparison.Ordinal)).Select(line => $"{line.Level}: {line.Text}")];
}
