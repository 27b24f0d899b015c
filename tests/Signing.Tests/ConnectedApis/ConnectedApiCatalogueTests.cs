using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.ConnectedApis;

public sealed class ConnectedApiCatalogueTests
{
    [Fact]
    public async Task It_lists_each_API_with_its_endpoints_in_an_order_that_stays()
    {
        await using ApiHost host = await StartAsync(app =>
        {
            app.MapGet("/open", () => "");
            RouteGroupBuilder orders = app.MapGroup("/orders").RequireConnectedApi("orders");
            orders.MapPost("/{id:int}", () => "");
            orders.MapMethods("/{id:int}", ["HEAD", "GET"], () => "");
            orders.MapGet("/", () => "").RequireConnectedApi("billing").RequireConnectedApi("orders");
            app.Map("/everything", () => "").RequireConnectedApi("Orders");
        });

        IReadOnlyList<ConnectedApi> catalogue = host.App.Services.GetRequiredService<ConnectedApiCatalogue>().Read();

        Assert.Equal(["Orders", "billing", "orders"], catalogue.Select(api => api.Name));
        Assert.Equal([" /everything", "GET /orders/", "GET /orders/", "GET,HEAD /orders/{id:int}", "POST /orders/{id:int}"], Lines(catalogue));
    }

    [Fact]
    public async Task An_API_without_such_endpoints_has_an_empty_one()
    {
        await using ApiHost host = await StartAsync(app => app.MapGet("/open", () => ""));

        Assert.Empty(host.App.Services.GetRequiredService<ConnectedApiCatalogue>().Read());
    }

    private static IEnumerable<string> Lines(IReadOnlyList<ConnectedApi> catalogue) =>
        from api in catalogue from endpoint in api.Endpoints select $"{string.Join(',', endpoint.Methods)} {endpoint.Pattern}";

    private static Task<ApiHost> StartAsync(Action<WebApplication> map) => ApiHost.StartAsync(new ApiHostSettings { Map = map });
}
