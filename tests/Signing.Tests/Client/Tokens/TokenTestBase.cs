using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Tokens;

/// <summary>Gives each test a server of tokens and a client of it by the way users make one, with a clock that stands still.</summary>
public abstract class TokenTestBase : IAsyncLifetime
{
    protected const string KeyId = "acme_key_1";
    protected const string Secret = "acme_secret_0123456789abcdef";

    // Of the lines that the client logs.
    protected const int Acquired = 7;
    protected const int NotAcquired = 8;
    protected const int RefusedForGood = 9;
    protected const int StoreFailed = 13;
    protected const int StoreIsCorrupt = 14;

    // Of a token of 900 s: refreshed between 675 and 765 s of age, unusable from 840 s.
    protected static readonly TimeSpan StillFresh = TimeSpan.FromSeconds(670);
    protected static readonly TimeSpan Due = TimeSpan.FromSeconds(770);
    protected static readonly TimeSpan Unusable = TimeSpan.FromSeconds(841);

    private readonly List<IAsyncDisposable> _owned = [];

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected TokenServer Server { get; private set; } = null!;

    protected ManualTimeProvider Time { get; } = new();

    protected LogLines Log { get; } = new();

    public async ValueTask InitializeAsync() => Server = await TokenServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        await Server.DisposeAsync();
        Assert.All(Log.Lines, AssertNoSecret);
        Log.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static AccessTokenSource SourceOf(IServiceProvider services, string name = "orders") =>
        services.GetRequiredKeyedService<AccessTokenSource>(name);

    protected static HttpClient ClientOf(IServiceProvider services, string name = "orders") =>
        services.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    /// <summary>Makes services with the clock, the log and one client named <c>orders</c>.</summary>
    protected ServiceProvider Build(Action<IHttpClientBuilder>? more = null, Action<AccessTokenOptions>? change = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        IHttpClientBuilder orders = services.AddHttpClient("orders", client => client.BaseAddress = Server.Address).AddAccessToken(options =>
        {
            options.Key = KeyId;
            options.Secret = Secret;
            change?.Invoke(options);
        });
        more?.Invoke(orders);
        return Own(services.BuildServiceProvider());
    }

    private static void AssertNoSecret(LogLine line)
    {
        string text = $"{line.Text} {line.Exception}";
        Assert.All([Secret, "access-", "refresh-", "sharing-"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    protected T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    protected static async Task<int> StatusOfAsync(HttpClient client, string target = "/orders")
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri(target, UriKind.Relative), Cancelled);
        return (int)response.StatusCode;
    }

    /// <summary>Lets so many callers ask at once, each on a task of its own.</summary>
    protected static Task<T[]> TogetherAsync<T>(int callers, Func<Task<T>> call) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(call, Cancelled)));
}
