using Signing.Tests.Support;

namespace Signing.Tests.Endpoints;

/// <summary>One API for all tests of a class that are only refused there.</summary>
public sealed class SharedTokenApi : IAsyncLifetime
{
    internal TokenApi Api { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Api = await TokenApi.StartAsync();

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
