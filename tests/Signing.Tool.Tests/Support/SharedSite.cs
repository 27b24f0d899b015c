namespace Signing.Tool.Tests;

/// <summary>One site for all tests of a class.</summary>
public sealed class SharedSite : IAsyncLifetime
{
    public Site Site { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Site = await Site.StartAsync(options => options.Body.MaxBytes = 16 << 20);

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
