using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Docs;

/// <summary>ASP.NET Core's rate limiter behind our schemes, as the README has it.</summary>
public sealed class LimitsTests
{
    private const string Secret = "limited_secret_of_more_than_16_bytes";

    [Fact]
    public async Task Each_key_has_a_limit_of_its_own_and_who_proves_nothing_has_and_uses_up_none()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder(Environments.Development);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Signing:Credentials:0:Key", "limited_key_1"), new("Signing:Credentials:0:Secret", Secret),
            new("Signing:Credentials:1:Key", "limited_key_2"), new("Signing:Credentials:1:Secret", Secret),
        ]);
        AddLimits(builder);
        await using WebApplication app = builder.Build();
        UseLimits(app);
        app.MapGet("/orders", () => "tea").RequireAuthorization();
        app.MapGet("/open", () => "tea");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using HttpClient one = Client(app, "limited_key_1", Secret);
        using HttpClient other = Client(app, "limited_key_2", Secret);
        using HttpClient forger = Client(app, "limited_key_1", "another secret of 16 bytes");

        using var stranger = new HttpClient { BaseAddress = one.BaseAddress };

        for (int i = 0; i <= 100; i++)
        {
            Assert.Equal("tea", await stranger.GetStringAsync(new Uri("/open", UriKind.Relative), TestContext.Current.CancellationToken));
        }

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(forger));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(one));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(one));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other));
    }

    private static void AddLimits(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication().AddMessageSignature();
        builder.Services.AddAuthorization();
        builder.Services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => context.User.Identity?.Name is { } key
                ? RateLimitPartition.GetFixedWindowLimiter(key, _ => new() { PermitLimit = 100, Window = TimeSpan.FromMinutes(1) })
                : RateLimitPartition.GetNoLimiter(""));
        });
    }

    private static void UseLimits(WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
    }

    private static HttpClient Client(WebApplication app, string key, string secret) =>
        new(new MessageSigningHandler(new MessageSigningOptions { Key = key, Secret = secret })) { BaseAddress = new Uri(app.Urls.Single()) };

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using HttpResponseMessage answer = await client.GetAsync(new Uri("/orders", UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
