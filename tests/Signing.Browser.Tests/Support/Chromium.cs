using Signing.Browser.Tests.Support;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Signing.Browser.Tests.Support;

/// <summary>One Chromium of the machine for all tests; each test has a context of its own, which shares nothing.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // First the one without windows: those that nobody sees take the other half of the time.
    private static readonly string[] Names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private IPlaywright? _playwright;

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Executable.Find(Names), Args = ["--no-sandbox"] });
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
