using Signing.Browser.Tests.Support;

namespace Signing.Browser.Tests;

/// <summary>What an operator reads when something before the admin API answers in its stead, or nothing does.</summary>
public sealed class EndedSessionTests(Chromium chromium) : BrowserTest(chromium)
{
    [Theory]
    [InlineData(401)]
    [InlineData(302)]
    public async Task A_session_that_ended_is_told_and_Reload_begins_another(int status)
    {
        Refusals.Add(status);
        await AnswerAsync("credentials?*", new() { Status = status, Headers = [new("Location", "/login")], Body = "<html>" });
        await OpenAsync("keys");
        await Expect(Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("You are no longer signed in.Reload the page to sign in again.signed_outReload");
        await Page.EvaluateAsync("window.isOld = true");
        await Page.UnrouteAllAsync();

        await Button("Reload").ClickAsync();

        await Expect(Row("Till 7")).ToBeVisibleAsync();
        Assert.False(await Page.EvaluateAsync<bool>("!!window.isOld"));
    }

    [Fact]
    public async Task A_gateway_that_forbids_is_told()
    {
        Refusals.Add(403);
        await AnswerAsync("credentials?*", new() { Status = 403, Body = "<html>" });

        await OpenAsync("keys");

        await Expect(Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("You may not do this.Ask an administrator.forbiddenTry again");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_told()
    {
        Refusals.Add(0);
        await Page.RouteAsync("**/api/v1/credentials?*", route => route.AbortAsync());

        await OpenAsync("keys");

        await Expect(Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The server did not answer.Look at your connection and try again.no_answerTry again");
    }

    [Fact]
    public async Task A_page_that_cannot_know_who_is_signed_in_says_so_and_Try_again_loads_it()
    {
        Refusals.Add(503);
        await AnswerAsync("me", new() { Status = 503, Body = "<html>" });
        await Page.GotoAsync(new Uri(Site.Page, "keys").AbsoluteUri);
        await Expect(Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Alert)).ToContainTextAsync("http_503");
        await Page.UnrouteAllAsync();

        await Button("Try again").ClickAsync();

        await Expect(Row("Till 7")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_change_whose_token_is_refused_again_is_sent_no_third_time()
    {
        Refusals.Add(400);
        var sent = new Sent(Page);
        await OpenAsync("keys");
        await AnswerAsync("credentials/*", new() { Status = 400, ContentType = "application/json", Body = """{"code":"antiforgery_failed","title":"The token is not the one of this page.","remedy":"Reload it.","detail":"It is that of lee."}""" });
        await ChooseAsync("Till 7", "Suspend");

        await PressAsync("Suspend");

        await Expect(Dialog.GetByRole(AriaRole.Alert).Last).ToHaveTextAsync("The token is not the one of this page. It is that of lee. antiforgery_failed");
        string[] tries = sent.Take();
        Assert.Equal(2, tries.Length);
        Assert.Single(tries.Distinct());
        Assert.EndsWith(":suspend \"1\" {}", tries[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys?panel=crd_a/../../me", "/api/v1/credentials/crd_a%2F..%2F..%2Fme")]
    [InlineData("keys?panel=what", "/api/v1/credentials/what")]
    [InlineData("applications/app_a%2F..%2F..%2Fme", "/api/v1/applications/app_a%2F..%2F..%2Fme")]
    public async Task An_address_asks_for_one_row_and_for_no_other_path(string address, string path)
    {
        Refusals.Add(404);
        await Page.RunAndWaitForRequestAsync(() => Page.GotoAsync(new Uri(Site.Page, address).AbsoluteUri), request => request.Url.EndsWith(path, StringComparison.Ordinal));

        await Expect(Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not_found");
    }

    protected override async Task SeedAsync() => await Site.AddKeyAsync(await Site.AddApplicationAsync(await Site.AddWorkspaceAsync("Acme"), "Tills"), "Till 7");

    private Task AnswerAsync(string path, RouteFulfillOptions answer) => Page.RouteAsync($"**/api/v1/{path}", route => route.FulfillAsync(answer));
}
