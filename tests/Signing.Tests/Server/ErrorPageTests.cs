using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.Tests.Several;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>The page of an error is part of the request that failed, and may ask who calls.</summary>
public sealed class ErrorPageTests
{
    private const string Page = "/sorry";

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_caller_is_not_told_of_a_replay_where_an_event_of_the_hosts_has_failed(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Signature = options => options.Events.OnValidated = static _ => throw new InvalidDataException("The host's database is away."),
            Before = app => app.UseExceptionHandler(Page),
        });

        RawAnswer answer = await host.SendAsync(host.Draft());

        Assert.Equal((500, null, 0), (answer.Status, answer.Code, host.Calls));
    }

    [Fact]
    public async Task An_event_that_fails_for_a_moment_lets_the_caller_see_the_page_and_nothing_else()
    {
        int asked = 0;
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Signature = options => options.Events.OnValidated = _ => Interlocked.Increment(ref asked) == 1 ? throw new InvalidDataException("The host's database is away.") : Task.CompletedTask,
            Before = app => app.UseExceptionHandler(Page),
            Map = app => app.Map(Page, () => "Sorry."),
        });
        RequestDraft draft = host.Draft();

        RawAnswer answer = await host.SendAsync(draft);
        RawAnswer again = await host.SendAsync(draft);

        Assert.Equal((500, "Sorry.", 0), (answer.Status, answer.Text, host.Calls));
        Assert.Equal((401, "replayed"), (again.Status, again.Code));
    }

    [Theory]
    [InlineData("/all", "Caller")]
    [InlineData("/all", "Gateway")]
    [InlineData("/any", "Caller")]
    public async Task Whom_an_event_has_not_let_in_is_nobody_on_the_page(string target, string scheme)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(
            Door.Scheme,
            caller: options => options.Events.OnValidated = static _ => throw new InvalidDataException("The host's database is away."),
            before: app => app.UseExceptionHandler(Page),
            map: app => app.Map(Page, (HttpContext context) => $"Sorry, {string.Join(' ', context.User.Identities.Select(identity => identity.AuthenticationType))}.")
                .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = scheme }));

        RawAnswer answer = await host.SendAsync(host.Gateway(host.Caller(target)));

        // The gateway's own proof holds on a page that asks for nothing else.
        Assert.Equal((500, scheme == "Gateway" ? "Sorry, Gateway." : ""), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("AccessToken", "Signature")]
    [InlineData("Signature,AccessToken", "Signature")]
    [InlineData("Signature", "Signature,AccessToken")]
    public async Task The_page_of_an_error_names_once_who_signs_and_has_a_token(string asked, string askedByPage)
    {
        await using TokenApi api = await TokenApi.StartAsync(new TokenApiSettings
        {
            Build = builder => builder.Services.AddSingleton<IStartupFilter>(new ErrorPage()),
            Map = app =>
            {
                app.Map("/fails", _ => throw new InvalidDataException("The endpoint fails.")).RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = asked });
                app.Map(Page, (HttpContext context) => $"{context.User.Identities.Count()}").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = askedByPage });
            },
        });
        (string access, _) = await api.LogInAsync();

        RawAnswer answer = await api.Host.SendAsync(api.GetDraft("/fails", "Authorization", $"Bearer {access}", signed: true));

        Assert.Equal((500, "1"), (answer.Status, answer.Text));
    }

    private sealed class ErrorPage : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseExceptionHandler(Page);
            next(app);
        };
    }
}
