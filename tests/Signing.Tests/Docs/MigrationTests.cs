using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Docs;

public sealed class MigrationTests : IAsyncLifetime
{
    private const string Key = "migration_key_1";
    private const string Secret = "migration_secret_of_more_than_16_bytes";

    private WebApplication _api = null!;
    private Uri _orders = null!;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder(Environments.Development);
        builder.Configuration.AddInMemoryCollection([new("Signing:Credentials:0:Key", Key), new("Signing:Credentials:0:Secret", Secret)]);
        ReadmeCode.AddEither(builder.Services);
        builder.Services.AddAuthorization();
        _api = builder.Build();
        _api.MapGet("/orders", (ClaimsPrincipal user) => user.Identity!.Name).RequireAuthorization();
        await _api.StartAsync(TestContext.Current.CancellationToken);
        _orders = new Uri(new Uri(_api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()), "/orders");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Who_has_changed_over_and_who_has_not_are_both_accepted()
    {
        Assert.Equal((HttpStatusCode.OK, "former"), await SendAsync(Former()));
        Assert.Equal((HttpStatusCode.OK, Key), await SendAsync(new HttpRequestMessage(HttpMethod.Get, _orders), Secret));
    }

    [Fact]
    public async Task Who_proves_nothing_in_either_way_is_refused()
    {
        (HttpStatusCode status, _) = await SendAsync(new HttpRequestMessage(HttpMethod.Get, _orders));

        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    [Fact]
    public async Task A_broken_signature_does_not_fall_back_to_the_former_way()
    {
        (HttpStatusCode status, string answer) = await SendAsync(Former(), "another secret of more than 16 bytes");

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("invalid_credential", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_whose_signature_was_stripped_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _orders);
        request.Headers.Add("Signature", "sig=:AAAA:");

        (HttpStatusCode status, _) = await SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    private HttpRequestMessage Former()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, _orders);
        request.Headers.Add(FormerHandler.Field, FormerHandler.Sign("GET", "/orders"));
        return request;
    }

    private static async Task<(HttpStatusCode Status, string Answer)> SendAsync(HttpRequestMessage request, string? secret = null)
    {
        using HttpClient client = secret is null ? new HttpClient() : new HttpClient(new MessageSigningHandler(new MessageSigningOptions { Key = Key, Secret = secret }));
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
