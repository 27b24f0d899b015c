using System.Net;
using System.Net.Sockets;
using Signing.Client;
using Signing.Tests.Fuzz;
using Signing.Tests.Support;

namespace Signing.Tests.Responses.Model;

/// <summary>Asks our server for answers of all kinds, changes them at random on their way, and compares what a caller gets with the model.</summary>
internal sealed class AnswersRun : IAsyncDisposable
{
    private const int SignedAtMost = 2000;

    private readonly int _seed;
    private readonly Draw _draw;
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _steps = [];
    private readonly int _maxBytes;
    private readonly bool _isHttp2;
    private ApiHost _api = null!;
    private MiddleServer? _middle;
    private HttpClient _client = null!;
    private AnswerPlan _plan = null!;
    private AnswerChange? _change;
    private AnswerFraming _framing = null!;
    private PiecesContent? _content;
    private Answered? _genuine;
    private Answered? _earlier;
    private TimeSpan _age;
    private bool _canHaveBody;

    public AnswersRun(int seed)
    {
        _seed = seed;
        _draw = new Draw(seed);
        _maxBytes = _draw.Of(0, 10, 1000, ResponseVerificationOptions.DefaultMaxBytes, ResponseVerificationOptions.DefaultMaxBytes, ResponseVerificationOptions.DefaultMaxBytes);
        _isHttp2 = _draw.OneIn(3);
    }

    public int Given { get; private set; }

    public int Broken { get; private set; }

    public Dictionary<string, int> Codes { get; } = [];

    public async Task RunAsync(int steps)
    {
        _api = await SigningHost.StartAsync(context => _plan.WriteAsync(context), configure: options => options.MaxBytes = SignedAtMost);
        HttpMessageHandler inner = new MiddleHandler(Change);
        if (!_isHttp2 && _draw.OneIn(2))
        {
            _middle = new MiddleServer(_api.Port, (request, genuine) => (Change(genuine) is var answer && _framing.ToHttp1(answer, _canHaveBody, out bool ends) is var text ? text : "", ends));
            // Which may end behind any answer.
            inner = new SocketsHttpHandler { ConnectCallback = (_, stop) => _middle.ConnectAsync(stop), UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero };
        }

        var options = new MessageSigningOptions { Key = ApiHost.Key, Secret = ApiHost.Secret, Policy = new SigningPolicy { Label = _draw.Of("sig", "mine") } };
        (options.Responses.Required, options.Responses.MaxBytes, options.Responses.Ask) = (true, _maxBytes, _draw.OneIn(2));
        _client = new HttpClient(new MessageSigningHandler(options, inner, _time)) { BaseAddress = new Uri($"http://{(_isHttp2 ? _api.Http2Authority : _api.Authority)}/") };
        try
        {
            for (int step = 0; step < steps; step++)
            {
                await ExchangeAsync();
            }
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Seed {_seed}, {(_isHttp2 ? "HTTP/2" : _middle is null ? "handler" : "socket")}, at most {_maxBytes}:\n{string.Join('\n', _steps.TakeLast(8))}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_middle is not null)
        {
            await _middle.DisposeAsync();
        }

        await _api.DisposeAsync();
    }

    private async Task ExchangeAsync()
    {
        _plan = AnswerPlan.Random(_draw);
        _framing = new AnswerFraming(_draw);
        (_change, _genuine, _content) = (null, null, null);
        HttpMethod method = _draw.Of(HttpMethod.Get, HttpMethod.Get, HttpMethod.Get, HttpMethod.Head, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete);
        using var request = new HttpRequestMessage(method, $"/signed?id={_draw.Below(3)}") { Content = method == HttpMethod.Post ? new StringContent("tea") : null };
        (request.Version, request.VersionPolicy) = (_isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
        _time.SetClock(_api.Clock.GetUtcNow());
        var reading = new AnswerReading(_draw, _client, request);
        _steps.Add($"{method} {_plan} {reading.Kind} {_framing.Cut}");
        Exception? thrown = await Record.ExceptionAsync(() => reading.SendAsync().AsTask());
        _steps.Add($"  {_genuine}\n  {string.Join(", ", _change?.Log ?? [])} => {_change?.Answer}\n  {thrown?.GetType().Name} {thrown?.Message}");
        Assert.NotNull(_genuine);
        Assert.Equal(_plan.IsSigned(SignedAtMost), _genuine.IsSigned);
        if (_genuine.IsSigned)
        {
            _earlier = _genuine;
        }

        Compare(reading, thrown);
    }

    private void Compare(AnswerReading reading, Exception? thrown)
    {
        HashSet<string> codes = AnswersModel.Judge(_genuine!, _change!, _age, _maxBytes, out bool isOfContent);
        bool isBroken = _middle is null ? _canHaveBody && _framing.Cut is not null : _framing.IsBroken(_change!.Answer, _canHaveBody);
        bool isHeadBroken = _middle is not null && _framing.Cut == "head";
        if (isBroken && (isHeadBroken || (isOfContent && thrown is HttpRequestException)))
        {
            Assert.True(thrown is HttpRequestException { InnerException: IOException or SocketException }, $"{thrown}");
            Broken++;
            return;
        }

        if (isBroken && isOfContent)
        {
            // More than there may be was there before it broke.
            codes.IntersectWith(["body_too_large", "missing_digest"]);
            Assert.NotEmpty(codes);
        }

        Assert.True(_content is null || isOfContent || !_content.IsRead, "Content was read before its signature was verified.");
        if (codes.Count > 0)
        {
            var refused = Assert.IsType<MessageSigningException>(thrown);
            Assert.Contains(refused.Code, codes);
            Assert.Equal(_change!.Answer.Status, (int)refused.AnswerStatus!);
            Assert.True(_content is null or { IsDisposed: true });
            Assert.Empty(reading.Bytes);
            Codes[refused.Code] = Codes.GetValueOrDefault(refused.Code) + 1;
            return;
        }

        Assert.Null(thrown);
        reading.Check(_change!.Answer, _middle is not null && _canHaveBody && _framing.Cut is null ? _framing.Trailers : []);
        Given++;
    }

    private (Answered Answer, PiecesContent Content) Change(HttpRequestMessage request, Answered genuine)
    {
        Answered answer = Change(genuine);
        _content = new PiecesContent(_canHaveBody ? answer.Body : [], _framing.Piece, _canHaveBody && _framing.Cut is not null);
        return (answer, _content);
    }

    private Answered Change(Answered genuine)
    {
        _genuine = genuine;
        bool isBodiless(int status) => status is 204 or 304;
        bool hasNone = genuine["Content-Length"] is not null && genuine.Body.Length == 0;
        _canHaveBody = !isBodiless(genuine.Status) && !_plan.IsHead;
        _change = new AnswerChange(_draw, genuine, _canHaveBody, _earlier is { } earlier && !isBodiless(earlier.Status) && earlier["Content-Length"] is null ? earlier : null);
        for (int changes = _draw.Of(0, 0, 0, 1, 1, 1, 1, 2); changes > 0; changes--)
        {
            _change.Make();
        }

        if (_middle is not null && _framing.CutsUnseen)
        {
            _change.Shorten();
        }

        // While it is on its way.
        _age = TimeSpan.FromSeconds(_draw.OneIn(10) ? _draw.Of(290, 310, -290, -310) : 0);
        _time.SetClock(_time.GetUtcNow() + _age);
        return hasNone && _canHaveBody && _middle is not null ? _change.Answer.With("Content-Length") : _change.Answer;
    }
}
