using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Rewrite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>What ASP.NET Core has beside the door and changes a request, as the README tells of it.</summary>
public sealed class OtherMiddlewareTests
{
    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_target_is_verified_as_it_was_sent_though_it_is_rewritten_before(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Before = app =>
            {
                app.UsePathBase("/v1");
                app.UseRewriter(new RewriteOptions().AddRewrite("^old/(.*)", "new/$1?added=1", skipRemainingRules: true));
                app.UseRouting();
            },
            Map = app => app.MapGet("/new/{name}", (HttpRequest request, string name) => $"{request.HttpContext.User.Identity?.Name} {request.PathBase} {name} {request.QueryString}"),
        });

        RawAnswer answer = await host.SendAsync(host.Draft("GET", "/v1/old/tea?a=1"));

        Assert.Equal((200, $"{ApiHost.Key} /v1 tea ?a=1&added=1"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task A_method_that_is_changed_before_the_door_is_another_one()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Before = app => app.UseHttpMethodOverride() });

        RawAnswer changed = await host.SendAsync(host.Draft("POST", "/").With("X-HTTP-Method-Override", "DELETE"));
        RawAnswer asSent = await host.SendAsync(host.Draft("POST", "/"));

        Assert.Equal((401, "invalid_credential"), (changed.Status, changed.Code));
        Assert.Equal(200, asSent.Status);
    }

    [Fact]
    public async Task A_form_needs_an_antiforgery_token_of_the_framework_unless_the_endpoint_asks_for_none()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = Door.Scheme,
            Build = builder => builder.Services.AddAntiforgery(),
            After = app => app.UseAntiforgery(),
            Map = app =>
            {
                app.MapPost("/asks", Upload).RequireAuthorization();
                app.MapPost("/takes", Upload).RequireAuthorization().DisableAntiforgery();
            },
        });
        using var content = new MultipartFormDataContent { { new ByteArrayContent(new byte[100_000]), "file", "tea.bin" }, { new StringContent("tea"), "name" } };
        byte[] form = await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        string type = content.Headers.ContentType!.ToString();

        RawAnswer refused = await host.SendAsync(host.Draft("POST", "/asks", form).With("Content-Type", type));
        RawAnswer taken = await host.SendAsync(host.Draft("POST", "/takes", form).With("Content-Type", type));

        Assert.Equal(400, refused.Status);
        Assert.Equal((200, "100000 tea"), (taken.Status, taken.Text));

        static string Upload(IFormFile file, [FromForm] string name) => $"{file.Length} {name}";
    }

    [Fact]
    public async Task A_limit_of_a_controller_holds_though_MVC_says_that_it_came_too_late()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = Door.Scheme,
            Build = builder => builder.Services.AddControllers().AddApplicationPart(typeof(FilteredController).Assembly),
            Map = app => app.MapControllers().RequireAuthorization(),
        });

        RawAnswer small = await host.SendAsync(host.Draft("POST", "/filtered", new byte[1000]));
        bool isWarned = host.Log.Lines.Any(static line => line.Level == LogLevel.Warning && line.Category.EndsWith("RequestSizeLimitFilter", StringComparison.Ordinal));
        RawAnswer large = await host.SendAsync(host.Draft("POST", "/filtered", new byte[1001]));

        Assert.Equal((200, true, 413), (small.Status, isWarned, large.Status));
    }
}
