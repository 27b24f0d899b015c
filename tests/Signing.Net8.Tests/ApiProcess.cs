using Signing.Programs.Tests.Support;

namespace Signing.Net8.Tests;

/// <summary>An API of ours as a process of its own, run by .NET 10, for all tests of a class.</summary>
public sealed class ApiProcess : IAsyncLifetime
{
    public const string Key = "net8_key_1";
    public const string Secret = "net8_secret_0123456789abcdef";

    private SampleProcess _process = null!;

    static ApiProcess() => Signing.Tests.Support.Canary.Watch(Secret);

    public Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // In Development the API does not wait for what was signed before its start.
        _process = SampleProcess.StartProject(
            "tests/Signing.Net8.Tests/Api",
            ["--urls", "http://127.0.0.1:0"],
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("Signing__Credentials__0__Key", Key),
            ("Signing__Credentials__0__Secret", Secret));
        Address = new Uri(await _process.WaitForAsync("Now listening on:", TestContext.Current.CancellationToken));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
