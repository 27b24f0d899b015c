using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Docs;

/// <summary>A gateway in ASP.NET Core that hands requests on, by the path as it reads it, as YARP does, or as the README says.</summary>
public sealed class HandedOnTests
{
    private const string Key = "handed_key_1";
    private const string Secret = "handed_secret_of_more_than_16_bytes";

    [Theory]
    [InlineData("/users/ann%40example.com", true, HttpStatusCode.OK)]
    [InlineData("/users/ann%40example.com", false, HttpStatusCode.Unauthorized)]
    [InlineData("/a%2Bb?q=%40+%2B&q='", true, HttpStatusCode.OK)]
    [InlineData("/a%2Bb?q=%40+%2B&q='", false, HttpStatusCode.Unauthorized)]
    [InlineData("/a%2Fb/%3B/[c]", true, HttpStatusCode.OK)]
    [InlineData("/orders?q=%40", false, HttpStatusCode.OK)]
    public async Task A_request_keeps_its_signature_where_its_target_is_handed_on_as_it_came(string target, bool asItCame, HttpStatusCode expected)
    {
        await using WebApplication api = await StartApiAsync();
        await using WebApplication gateway = await StartGatewayAsync(api.Urls.Single() + "/", asItCame);
        using var client = new HttpClient(new MessageSigningHandler(new MessageSigningOptions { Key = Key, Secret = Secret }));

        using HttpResponseMessage answer = await client.GetAsync(new Uri(gateway.Urls.Single() + target), TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
    }

    private static async Task<WebApplication> StartApiAsync()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder(Environments.Development);
        builder.Configuration.AddInMemoryCollection([new("Signing:Credentials:0:Key", Key), new("Signing:Credentials:0:Secret", Secret)]);
        builder.Services.AddAuthentication().AddMessageSignature();
        builder.Services.AddAuthorization();
        WebApplication app = builder.Build();
        app.MapGet("/{**rest}", () => "tea").RequireAuthorization();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static async Task<WebApplication> StartGatewayAsync(string destination, bool asItCame)
    {
        WebApplication app = ApiHost.CreateBuilder(Environments.Development).Build();
        var connection = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        app.Lifetime.ApplicationStopped.Register(connection.Dispose);
        app.Run(async context =>
        {
            using var handedOn = new HttpRequestMessage(HttpMethod.Get, new Uri(destination.TrimEnd('/') + context.Request.GetEncodedPathAndQuery()));
            foreach (var field in context.Request.Headers)
            {
                handedOn.Headers.TryAddWithoutValidation(field.Key, field.Value.ToArray());
            }

            if (asItCame)
            {
                ReadmeCode.HandOn(context, handedOn, destination);
            }

            using HttpResponseMessage answer = await connection.SendAsync(handedOn, context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
