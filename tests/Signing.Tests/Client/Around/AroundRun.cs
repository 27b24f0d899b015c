using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Signing.Client;
using Signing.Tests.Client.Model;
using Signing.Tests.Fuzz;
using Signing.Tests.Support;
using Next = System.Func<System.Net.Http.HttpRequestMessage, System.Threading.Tasks.Task<System.Net.Http.HttpResponseMessage>>;

namespace Signing.Tests.Client.Around;

/// <summary>Sends requests at random through other people's handlers, changes the options meanwhile, and looks at all that leaves for the connection.</summary>
internal sealed class AroundRun : IAsyncDisposable
{
    private const int Slots = 3;

    private readonly int _seed;
    private readonly Draw _draw;
    private readonly Draw _drawOfTokens;
    private readonly ManualTimeProvider _time = new();
    private readonly SigningKey _other = new("around_key_own", "the secret of a key of the caller's own");
    private readonly bool _access;
    private readonly bool _api;
    private readonly bool _signs;
    private readonly LiveConfiguration _configuration;
    private readonly ServiceProvider _services;
    private readonly HttpClient _client;
    private readonly List<string> _steps = [];
    private readonly string[] _acts = new string[Slots];
    private readonly HashSet<HttpRequestMessage> _messages = [];
    private readonly AroundModel _model;
    private AroundSettings _now;

    public AroundRun(int seed)
    {
        _seed = seed;
        _draw = new Draw(seed);
        _drawOfTokens = new Draw(-seed - 1);
        int parts = _draw.Of(1, 2, 3, 4, 5, 6, 6, 7, 7, 7);
        (_access, _signs, _api) = ((parts & 2) != 0, (parts & 4) != 0, (parts & 1) != 0);
        _now = AroundSettings.Random(_draw);
        _configuration = new LiveConfiguration(_now.ToJson());
        _model = new AroundModel(_access, _api, _signs, _other);
        _services = Build();
        _client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("around");
    }

    public int Sendings { get; private set; }

    public int Reloads { get; private set; }

    public int Exceptions { get; private set; }

    public int Answers { get; private set; }

    public int Tokens => _model.Tokens;

    public int Signatures => _model.Signatures;

    public int Foreign => _model.Foreign;

    public async Task RunAsync(int steps)
    {
        try
        {
            for (int step = 0; step < steps; step++)
            {
                await SendAsync();
            }
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Seed {_seed}, access {_access}, api {_api}, signs {_signs}:\n{string.Join('\n', _steps.TakeLast(30))}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _services.DisposeAsync();
        _other.Dispose();
    }

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        IHttpClientBuilder around = services.AddHttpClient("around", client => client.BaseAddress = new Uri(AroundSettings.Base));
        List<Action> calls =
        [
            () => _ = _access ? around.AddAccessToken(_configuration.Root.GetSection("A")) : around,
            () => _ = _api ? around.AddApiToken(_configuration.Root.GetSection("P")) : around,
            () => _ = _signs ? around.AddMessageSigning(_configuration.Root.GetSection("S")) : around,
            .. Enumerable.Range(0, Slots).Select(slot => (Action)(() => around.AddHttpMessageHandler(() => new AroundHandler((request, next) => ActAsync(slot, request, next))))),
        ];

        // In any order: ours stand innermost all the same.
        while (calls.Count > 0)
        {
            int call = _draw.Below(calls.Count);
            calls[call]();
            calls.RemoveAt(call);
        }

        around.AddHttpMessageHandler(() => new AroundHandler((request, next) =>
        {
            _model.BeginAttempt(request, _now);
            return next(request);
        }));
        around.ConfigurePrimaryHttpMessageHandler(() => new ScriptedConnection(_time, Answer));
        services.AddHttpClient(AccessTokenOptions.BackchannelName).ConfigurePrimaryHttpMessageHandler(() => new TokenEndpoints(OnTokenCall));
        return services.BuildServiceProvider();
    }

    private Task<HttpResponseMessage> ActAsync(int slot, HttpRequestMessage request, Next next)
    {
        _steps.Add($"  handler {slot}: {_acts[slot]}");
        return AroundActs.DoAsync(_acts[slot], _draw, request, next, Between, _other);
    }

    private void Between(HttpRequestMessage request)
    {
        AssertClean(request);
        if (_draw.OneIn(4))
        {
            Reload(_draw);
        }

        if (_draw.OneIn(10))
        {
            _time.Advance(TimeSpan.FromSeconds(900));
        }
    }

    private void Reload(Draw draw)
    {
        _now = AroundSettings.Random(draw, _now);
        _configuration.Replace(_now.ToJson());
        _model.Reload(_now);
        Reloads++;
        _steps.Add($"  {_now} {string.Join(' ', _now.AccessOrigins)} | {string.Join(' ', _now.ApiOrigins)}");
    }

    private Task OnTokenCall(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        AroundModel.CheckTokenCall(request);
        if (_drawOfTokens.OneIn(5))
        {
            _steps.Add("  while a token is asked for:");
            Reload(_drawOfTokens);
        }

        return Task.CompletedTask;
    }

    private async Task SendAsync()
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            _acts[slot] = _draw.Of(AroundActs.All);
        }

        bool isSkipped = _draw.OneIn(12);
        bool isRepeated = _acts.Any(act => act is "again" or "copy" or "follow" or "follow copy");
        string body = _draw.Of("none", "none", "bytes", "text", "seekable", isRepeated && (!_signs || isSkipped) ? "text" : "stream");
        byte[] bytes = body == "none" ? [] : new byte[_draw.Of(0, 5, 60)];
        bytes.AsSpan().Fill((byte)'b');
        string origin = _draw.OneIn(3) ? _draw.Of(AroundSettings.Origins) : AroundSettings.Base;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (_draw.OneIn(8))
        {
            fields[_draw.Of("Authorization", "X-Token", "auth", "X-Api-Key")] = "the caller's own";
        }

        string? foreign = _draw.OneIn(3) ? _draw.Of(AroundModel.Foreigners) : null;
        if (foreign is not null)
        {
            fields["Signature-Input"] = $"{foreign}=(\"@method\");created=1;keyid=\"theirs\"";
            fields["Signature"] = $"{foreign}=:X5spyd6CFnAG5QnDyHfqoSNICd+BUP4LYMz2Q0JXlb8=:";
        }

        var place = new Place(origin + Place.Target, origin, "", true);
        var asked = new Asked(place, body == "none" ? _draw.Of(HttpMethod.Get, HttpMethod.Delete) : _draw.Of(HttpMethod.Post, HttpMethod.Put), fields, body, bytes, null, null, false);
        using HttpRequestMessage request = asked.ToMessage();
        request.Options.Set(SigningOverrides.Skip, isSkipped);
        request.Options.Set(TokenOverrides.Skip, _draw.OneIn(12));
        if (_draw.OneIn(10))
        {
            request.Options.Set(SigningOverrides.Key, _other);
        }

        _steps.Add($"{asked} foreign={foreign} skip={isSkipped} {string.Join(", ", _acts)}");
        _messages.Clear();
        Exception? thrown = await Record.ExceptionAsync(async () =>
        {
            using HttpResponseMessage response = _draw.OneIn(4) ? _client.Send(request, TestContext.Current.CancellationToken) : await _client.SendAsync(request, TestContext.Current.CancellationToken);
        });
        _steps.Add($"  => {thrown?.GetType().Name} {thrown?.Message}");
        Exceptions += thrown is null ? 0 : 1;
        Answers += thrown is null ? 1 : 0;
        AroundModel.CheckException(thrown, _signs);
        Assert.All(_messages.Append(request), AssertClean);
        foreach ((string name, string value) in fields.Where(static field => !field.Key.StartsWith("Signature", StringComparison.Ordinal)))
        {
            Assert.StartsWith(value, request.Headers.NonValidated[name].ToString(), StringComparison.Ordinal);
        }
    }

    private static void AssertClean(HttpRequestMessage request) => Assert.DoesNotContain(
        request.Headers.NonValidated, field => field.Value.ToString().Contains("access.", StringComparison.Ordinal) || field.Value.ToString().Contains("static-token", StringComparison.Ordinal));

    private Told Answer(HttpRequestMessage request, Sent sent)
    {
        Sendings++;
        _messages.Add(request);
        _steps.Add($"  {request.Method} {request.RequestUri} {string.Join(" | ", sent.Request.Fields.Select(field => $"{field.Key}: {field.Value}"))}");
        _model.Check(request, sent, _now);
        Told told = Tell();
        _steps.Add($"  -> {told}");
        _model.Told(told);
        if (_draw.OneIn(10))
        {
            Reload(_draw);
        }

        return told;
    }

    private Told Tell() => _draw.Below(14) switch
    {
        0 or 1 => new Told { Status = 401, Challenge = "Bearer realm=\"b\", error=\"invalid_token\"" },
        2 => new Told { Status = 401, Code = "too_old", Dates = [(_time.GetUtcNow() + TimeSpan.FromSeconds(_draw.Of(600, -600, 0))).ToString("R", CultureInfo.InvariantCulture)] },
        3 => new Told { Status = 401, Code = "insufficient_coverage", Wish = Wish.For("x-added", "@scheme", "content-type") },
        4 => new Told { Status = 503, Code = "replay_before_floor", RetryAfter = 0 },
        5 => new Told { Status = 500 },
        6 => new Told { Breaks = true },
        7 or 8 or 9 => new Told { Status = _draw.Of(301, 302, 303, 307, 308), Location = _draw.Of(AroundSettings.Origins) + "/moved?to=1" },
        _ => new Told(),
    };
}
