using Signing.Browser.Tests.Support;

namespace Signing.Wasm.Tests.Support;

/// <summary>The page, open in the machine's Chromium once for all tests, with .NET started in it.</summary>
public sealed class OpenPage : IAsyncLifetime
{
    private readonly Servers _servers = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IPage _page = null!;

    /// <summary>What has followed a redirect of the API.</summary>
    public string[] Caught => _servers.Caught;

    public async ValueTask InitializeAsync()
    {
        await _servers.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable.Find("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
            Args = ["--no-sandbox"],
        });
        _page = await _browser.NewPageAsync();
        await _page.GotoAsync(_servers.Page.AbsoluteUri);
        await Assertions.Expect(_page).ToHaveTitleAsync("ready", new() { Timeout = 60_000 });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await _servers.DisposeAsync();
    }

    /// <summary>Has the page make a call, and tells what the API was asked for meanwhile.</summary>
    public async Task<(string Answer, string[] Asked)> WatchAsync(string what)
    {
        int before = _servers.Asked.Length;
        return (await AskAsync(what), _servers.Asked[before..]);
    }

    /// <summary>Has the page make a call.</summary>
    /// <returns>What <c>Page/Calls.cs</c> says of it.</returns>
    public Task<string> AskAsync(string what) =>
        _page.EvaluateAsync<string>("([what, api]) => run(what, api)", new[] { what, _servers.Api.AbsoluteUri }).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
}
