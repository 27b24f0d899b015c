using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Signing.Client;
using Signing.Tests.Client.Around;
using Signing.Tests.Fuzz;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Leaving;

/// <summary>Lets callers leave at random places, alone and while others wait for the same token, and asserts that nobody else notices.</summary>
internal sealed class LeavingRun : IAsyncDisposable
{
    private const string Key = "leaving_key_1";
    private const string Secret = "the secret of those who leave";
    private const int Day = 86400;

    // A test that hangs is to fail, and say where.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly int _seed;
    private readonly Draw _draw;
    private readonly ManualTimeProvider _time = new();
    private readonly SigningKey _key = new(Key, Secret);
    private readonly LeavingServer _server;
    private readonly TokenEndpoints _tokens;
    private readonly ServiceProvider _services;
    private readonly bool _isProved;
    private readonly List<string> _steps = [];
    private Dictionary<string, Stop> _shared = [];
    private int _logins;
    private int _refreshes;
    private bool _isCold = true;

    public LeavingRun(int seed)
    {
        _seed = seed;
        _draw = new Draw(seed);
        _isProved = _draw.OneIn(2);
        _server = new LeavingServer(_time, _key);
        _tokens = new TokenEndpoints(OnTokenCallAsync, Day);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddHttpClient("leaving", static client => client.BaseAddress = new Uri("https://api.example"))
            .AddAccessToken(Key, Secret)
            .AddMessageSigning(options =>
            {
                (options.Key, options.Secret) = (Key, Secret);
                options.Responses.Required = _isProved;
            })
            .ConfigurePrimaryHttpMessageHandler(() => _server);
        services.AddHttpClient(AccessTokenOptions.BackchannelName).ConfigurePrimaryHttpMessageHandler(() => _tokens);
        _services = services.BuildServiceProvider();
    }

    public int Left { get; private set; }

    public int Stayed { get; private set; }

    public Dictionary<string, int> Places { get; } = [];

    public async Task RunAsync(int rounds)
    {
        try
        {
            for (int round = 0; round < rounds; round++)
            {
                await RoundAsync();
            }
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Seed {_seed}, proved {_isProved}:\n{string.Join('\n', _steps.TakeLast(12))}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _key.Dispose();
    }

    private async Task OnTokenCallAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string call = request.RequestUri!.AbsolutePath.Split('/')[^1];
        _ = call == "login" ? Interlocked.Increment(ref _logins) : call == "refresh" ? Interlocked.Increment(ref _refreshes) : 0;
        if (_shared.TryGetValue(call, out Stop? stop))
        {
            await stop.PassAsync(cancellationToken);
        }
    }

    private async Task RoundAsync()
    {
        if (!_isCold && _draw.OneIn(3))
        {
            await _services.GetRequiredKeyedService<AccessTokenSource>("leaving").RevokeAsync(TestContext.Current.CancellationToken);
            _isCold = true;
        }

        LeavingCaller[] callers = [.. Enumerable.Range(0, _draw.Of(1, 2, 4, 8)).Select(id => new LeavingCaller(id, _draw, _isCold))];
        _steps.Add($"{(_isCold ? "cold" : "warm")}: {string.Join(" | ", callers.Select(static caller => caller.ToString()))}");
        _shared = new(StringComparer.Ordinal) { ["login"] = new Stop(), ["refresh"] = new Stop() };
        _server.Callers.Clear();
        _server.RefusedUpTo = _tokens.Issued + (_isCold ? 1 : 0);
        _server.Ahead = TimeSpan.FromSeconds(_draw.Of(0, 60, -60, 120));
        (_logins, _refreshes) = (0, 0);
        int issued = _tokens.Issued;
        foreach (LeavingCaller caller in callers)
        {
            _server.Callers[caller.Id] = caller;
        }

        Task[] driven = [.. callers.Select(caller => caller.DriveAsync(SendAsync, place => _shared[place]))];
        await ReleaseAsync("login", callers, driven);
        await ReleaseAsync("refresh", callers, driven);
        await Task.WhenAll([.. driven, .. callers.Select(static caller => caller.Done)]).WaitAsync(Patience, TestContext.Current.CancellationToken);
        foreach (LeavingCaller caller in callers)
        {
            await CheckAsync(caller);
            caller.Dispose();
        }

        bool isRefused = callers.Any(static caller => caller.Script == "token" && caller.Place is not ("login" or "body" or "send 1"));
        bool mayBeEarly = callers.Any(static caller => caller.RunsOut);
        Assert.InRange(_logins, _isCold && !mayBeEarly ? 1 : 0, _isCold ? 1 : 0);
        Assert.InRange(_refreshes, isRefused && !mayBeEarly ? 1 : 0, isRefused ? 1 : 0);
        _isCold = false;
        await NextAsync();
        await LandAsync(issued).WaitAsync(Patience, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(100));
    }

    // Those who leave while all wait are gone before the wait ends.
    private async Task ReleaseAsync(string place, LeavingCaller[] callers, Task[] driven)
    {
        await Task.WhenAll(callers.Zip(driven).Where(pair => pair.First.Place == place).Select(static pair => pair.Second)).WaitAsync(Patience, TestContext.Current.CancellationToken);
        _shared[place].Release();
    }

    private async Task<Exception?> SendAsync(LeavingCaller caller)
    {
        using HttpClient client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("leaving");
        using var alone = new HttpMessageInvoker(_services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("leaving"), disposeHandler: false);

        // HttpClient makes much of what is thrown to who has left a cancellation, and reads content that nothing proves.
        HttpMessageInvoker invoker = _isProved && !caller.RunsOut && caller.Id % 4 > 1 ? alone : client;
        using var request = new HttpRequestMessage(HttpMethod.Put, $"https://api.example/orders/{caller.Id}");
        request.Headers.Add(LeavingServer.Caller, caller.Id.ToString(CultureInfo.InvariantCulture));
        request.Content = caller.HasBody ? Body(caller) : null;
        client.Timeout = caller.RunsOut ? TimeSpan.FromMilliseconds(30) : client.Timeout;
        try
        {
            using HttpResponseMessage response = caller.IsSynchronous ? invoker.Send(request, caller.Leaving.Token) : await invoker.SendAsync(request, caller.Leaving.Token);
            Assert.Equal(200, (int)response.StatusCode);
            Assert.Equal(caller.Answer, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
        finally
        {
            Assert.False(request.Headers.Contains("Authorization"));
        }
    }

    private static HttpContent Body(LeavingCaller caller) => new StoppedContent(caller.Body, caller.At("body"), isRead: false);

    private async Task CheckAsync(LeavingCaller caller)
    {
        Exception? thrown = await caller.Done;
        string place = caller.Place ?? "nowhere";
        Assert.True(thrown is null || caller.Place is not null, $"{caller}: {thrown}");
        if (thrown is null)
        {
            Assert.False(caller.HasArrived && caller.Place is not ("wait" or "refresh") && !caller.RunsOut, $"{caller} went on.");
            Stayed++;
            return;
        }

        var left = thrown as OperationCanceledException;
        Assert.True(left is not null, $"{caller}: {thrown}");
        Assert.Equal(caller.RunsOut, left.InnerException is TimeoutException);
        if (!caller.RunsOut)
        {
            Assert.Equal(caller.Leaving.Token, left.CancellationToken);
        }

        Assert.All(caller.Contents, content => Assert.True(content.IsDisposed, $"The answer to {caller} was left open."));
        Left++;
        Places[place] = Places.GetValueOrDefault(place) + 1;
    }

    // A flight goes on without those who have left; the next round begins with what it brings.
    private async Task LandAsync(int issued)
    {
        AccessTokenSource source = _services.GetRequiredKeyedService<AccessTokenSource>("leaving");
        AccessToken token;
        do
        {
            await Task.Yield();
            token = await source.GetAsync(TestContext.Current.CancellationToken);
        }
        while (_tokens.Issued < issued + _logins + _refreshes || !token.Value.EndsWith($".{_tokens.Issued}", StringComparison.Ordinal));
    }

    private async Task NextAsync()
    {
        using var caller = new LeavingCaller(25, new Draw(0), isCold: false);
        _server.Callers[caller.Id] = caller;
        foreach (string place in (string[])["body", "send 1", "send 2", "content"])
        {
            caller.At(place).Release();
        }

        Exception? thrown = await SendAsync(caller).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.True(thrown is null, $"The next: {thrown}");
    }
}
