using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>MVC may ask for authorization by a filter for all controllers, which the endpoints do not show.</summary>
public sealed class AuthorizeFilterTests
{
    private const string ByName = "by name";
    private const string ByPolicy = "by policy";

    [Theory]
    [InlineData(ByName)]
    [InlineData(ByPolicy)]
    public async Task Of_what_the_schemes_of_a_filter_have_to_say_the_most_telling_is_in_the_body(string kind)
    {
        await using TokenApi api = await StartAsync(kind);
        (string token, _) = await api.LogInAsync();
        RawAnswer accepted = await api.GetAsync(token, "/filtered");
        api.Host.Clock.Advance(TimeSpan.FromMinutes(16));

        RawAnswer refused = await api.GetAsync(token, "/filtered");

        Assert.Equal((200, $"{ApiHost.Key} 1"), (accepted.Status, accepted.Text));
        Assert.Equal((401, "expired"), (refused.Status, refused.Code));
    }

    [Theory]
    [InlineData(ByName)]
    [InlineData(ByPolicy)]
    public async Task A_scope_that_a_filter_asks_for_is_named(string kind)
    {
        await using TokenApi api = await StartAsync(kind, scope: "orders.write");

        RawAnswer refused = await api.Host.SendAsync(api.Host.Draft("GET", "/filtered"));

        Assert.Equal((403, "scope_missing"), (refused.Status, refused.Code));
        Assert.Equal("Signature error=\"scope_missing\", scope=\"orders.write\"", refused["WWW-Authenticate"]);
    }

    [Theory]
    [InlineData("fallback")]
    [InlineData("endpoints")]
    public async Task A_scope_that_a_filter_asks_for_is_named_where_the_endpoint_asks_for_a_user_too(string also)
    {
        await using TokenApi api = await StartAsync(ByPolicy, scope: "orders.write", also);

        RawAnswer refused = await api.Host.SendAsync(api.Host.Draft("GET", "/filtered"));

        Assert.Equal((403, "Signature error=\"scope_missing\", scope=\"orders.write\""), (refused.Status, refused["WWW-Authenticate"]));
    }

    [Fact]
    public async Task A_caller_who_signs_and_has_a_token_is_named_once_where_a_filter_asks()
    {
        await using TokenApi api = await StartAsync(ByPolicy);
        (string token, _) = await api.LogInAsync();

        RawAnswer answer = await api.Host.SendAsync(api.GetDraft("/filtered", "Authorization", $"Bearer {token}", signed: true));

        Assert.Equal((200, $"{ApiHost.Key} 1"), (answer.Status, answer.Text));
    }

    private static Task<TokenApi> StartAsync(string kind, string? scope = null, string? also = null)
    {
        AuthorizationPolicy user = new AuthorizationPolicyBuilder("Signature").RequireAuthenticatedUser().Build();
        var builder = new AuthorizationPolicyBuilder("Signature", "AccessToken");
        AuthorizationPolicy policy = (scope is null ? builder.RequireAuthenticatedUser() : builder.RequireClaim("scope", scope)).Build();
        AuthorizeFilter filter = kind == ByPolicy ? new AuthorizeFilter(policy) : new AuthorizeFilter([new AuthorizeAttribute("callers")]);
        return TokenApi.StartAsync(new TokenApiSettings
        {
            Build = api =>
            {
                api.Services.AddAuthorization(options =>
                {
                    options.AddPolicy("callers", policy);
                    options.FallbackPolicy = also == "fallback" ? user : null;
                });
                api.Services.AddControllers(options => options.Filters.Add(filter)).AddApplicationPart(typeof(FilteredController).Assembly);
            },
            Map = app => _ = also == "endpoints" ? app.MapControllers().RequireAuthorization(user) : app.MapControllers(),
        });
    }
}
