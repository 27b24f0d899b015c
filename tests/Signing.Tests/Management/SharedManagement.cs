namespace Signing.Tests.Management;

/// <summary>One host for all tests of a class that change nothing in it: what is refused, and what is only read.</summary>
public class SharedManagement : IAsyncLifetime
{
    private readonly ManagementHostSettings _settings;

    public SharedManagement()
        : this(new ManagementHostSettings())
    {
    }

    private protected SharedManagement(ManagementHostSettings settings) => _settings = settings;

    internal ManagementHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await ManagementHost.StartAsync(_settings);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
