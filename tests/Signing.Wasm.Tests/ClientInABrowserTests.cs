using Signing.Wasm.Tests.Support;

namespace Signing.Wasm.Tests;

/// <summary>What a page that is run by .NET for WebAssembly can do with the client, against an API of another origin.</summary>
public sealed class ClientInABrowserTests(OpenPage page) : IClassFixture<OpenPage>
{
    private const string Key = "acme_key_1";

    [Fact]
    public async Task The_calls_are_made_by_NET_in_a_browser() => Assert.Equal("browser", await page.AskAsync("runtime"));

    [Theory]
    [InlineData("handler", $"200 {Key}")]
    [InlineData("factory", $"200 {Key} tea")]
    [InlineData("signed-answer", $"200 {Key} tea")]
    public async Task A_request_is_signed_with_and_without_a_factory_and_its_answer_verified(string what, string answer) =>
        Assert.Equal(answer, await page.AskAsync(what));

    [Theory]
    [InlineData("Signature")]
    [InlineData("ClientSecretJson")]
    [InlineData("ClientSecretBasic")]
    [InlineData("ClientSecretPost")]
    [InlineData("source")]
    public async Task Every_login_gives_a_token(string login) => Assert.Equal($"200 {Key}", await page.AskAsync(login));

    [Fact]
    public async Task A_long_lived_token_is_sent() => Assert.Equal("200 Bearer x_token_0123456789", await page.AskAsync("api-token"));

    [Theory]
    [InlineData("apostrophe")]
    [InlineData("small-patch")]
    [InlineData("host")]
    public async Task What_fetch_sends_in_place_of_what_it_is_given_is_what_was_signed(string what) => Assert.Equal($"200 {Key}", await page.AskAsync(what));

    [Fact]
    public async Task A_value_that_is_written_anew_for_fetch_is_signed_as_it_is_sent_and_the_request_sent_once()
    {
        (string answer, string[] asked) = await page.WatchAsync("written-otherwise");

        Assert.Equal($"200 {Key} tea", answer);
        Assert.Equal(["/orders"], asked);
    }

    [Fact]
    public async Task A_wrong_clock_is_set_right_by_the_refusal()
    {
        (string answer, string[] asked) = await page.WatchAsync("clock");

        Assert.Equal($"200 {Key}", answer);
        Assert.Equal(["/orders", "/orders"], asked);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        Assert.Equal("0 ", await page.AskAsync("redirect"));

        Assert.Empty(page.Caught);
    }

    [Fact]
    public async Task Sending_synchronously_throws_where_waiting_would_freeze_the_page() =>
        Assert.StartsWith("PlatformNotSupportedException: The one thread", await page.AskAsync("synchronous"), StringComparison.Ordinal);

    [Fact]
    public async Task Thirty_callers_on_one_thread_share_one_login()
    {
        (string answer, string[] asked) = await page.WatchAsync("burst");

        Assert.Equal($"{Key} 30", answer);
        Assert.Single(asked, "/auth/login");
    }

    [Fact]
    public async Task A_token_that_has_ended_is_replaced() => Assert.Equal("another", await page.AskAsync("refresh"));

    [Fact]
    public async Task A_changed_content_is_diagnosed_without_the_algorithms_that_a_browser_lacks() => Assert.Equal("DigestMismatch", await page.AskAsync("diagnosis"));
}
