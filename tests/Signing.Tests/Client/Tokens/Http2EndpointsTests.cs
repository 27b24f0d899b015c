using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Tokens;

/// <summary>Logins where the endpoints speak HTTP/2 without TLS, and nothing else.</summary>
public sealed class Http2EndpointsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LoginMethod.ClientSecretJson)]
    [InlineData(LoginMethod.ClientSecretBasic)]
    [InlineData(LoginMethod.Signature)]
    public async Task A_client_set_to_HTTP_2_logs_in_and_revokes(LoginMethod method)
    {
        await using TokenApi api = await TokenApi.StartAsync();
        await using ServiceProvider services = ClientOf(api, method, static client => (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact));
        AccessTokenSource source = services.GetRequiredKeyedService<AccessTokenSource>("orders");

        AccessToken token = await source.GetAsync(Cancelled);
        await source.RevokeAsync(Cancelled);

        Assert.NotEmpty(token.Value);
    }

    [Fact]
    public async Task A_client_left_at_HTTP_1_1_is_told_that_it_did_not_log_in()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        await using ServiceProvider services = ClientOf(api, LoginMethod.ClientSecretPost, static _ => { });

        await Assert.ThrowsAsync<AccessTokenException>(async () => await services.GetRequiredKeyedService<AccessTokenSource>("orders").GetAsync(Cancelled));
    }

    private static ServiceProvider ClientOf(TokenApi api, LoginMethod method, Action<HttpClient> set)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(api.Host.Clock);
        services.AddHttpClient("orders", client => client.BaseAddress = new Uri($"http://{api.Host.Http2Authority}")).AddAccessToken(options =>
            (options.Key, options.Secret, options.Login) = (ApiHost.Key, ApiHost.Secret, method));
        services.AddHttpClient(AccessTokenOptions.BackchannelName, set);
        return services.BuildServiceProvider();
    }
}
