using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Signing.Client;
using Signing.Tests.Fuzz;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Model;

/// <summary>Sends at random what callers send to servers that answer at random, and compares each sending with the model.</summary>
internal sealed class ClientModelRun : IDisposable
{
    private const int MaxBuffered = 64;

    private static readonly string[] Codes =
        ["too_old", "too_old", "created_in_future", "insufficient_coverage", "insufficient_coverage", "insufficient_coverage", "missing_signature", "missing_digest", "invalid_credential", "missing_component", "replayed", "expired_signature", "expired", "unsupported_component"];

    private readonly int _seed;
    private readonly Draw _draw;
    private readonly ManualTimeProvider _time = new();
    private readonly SigningKey _key = new("model_key_1", "a secret of the model, no. 1");
    private readonly SigningKey _other = new("model_key_2", "a secret of the model, no. 2");
    private readonly Party[] _parties;
    private readonly List<string> _steps = [];
    private readonly HashSet<string> _nonces = [];
    private Action<HttpRequestMessage, Sent> _onSent = static (_, _) => { };
    private Func<Told> _answer = static () => new Told();
    private TimeSpan _wait;
    private Told _told = new();

    public ClientModelRun(int seed)
    {
        _seed = seed;
        _draw = new Draw(seed);
        _time.TimerStarted = () => ThreadPool.QueueUserWorkItem(_ => _time.Advance(_wait > TimeSpan.Zero ? _wait : Lesson.MaxWait));
        _parties = [new Party(this), new Party(this)];
    }

    public int Lessons { get; private set; }

    public int Recovered { get; private set; }

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
        foreach (Party party in _parties)
        {
            party.Dispose();
        }
    }

    public async Task RunAsync(int steps)
    {
        try
        {
            for (int step = 0; step < steps; step++)
            {
                switch (_draw.Below(12))
                {
                    case 0:
                        _time.SetClock(_time.GetUtcNow().AddSeconds(_draw.Of(-3000, -600, -7, -1, 1, 4, 90, 1800, 5000)));
                        _steps.Add($"clock {_time.GetUtcNow():O}");
                        break;
                    case 1 when _draw.OneIn(2):
                        _draw.Of(_parties).Reload();
                        break;
                    default:
                        await SendAsync(_draw.Of(_parties));
                        break;
                }
            }

            _steps.Clear();
            await RecoverAsync(_draw.Of(_parties));
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Seed {_seed}:\n{string.Join('\n', _steps.TakeLast(12))}", exception);
        }
    }

    // Whatever was said before: an honest server that wants what it wants now, at its own time, and cannot tell the scheme, gets it.
    private async Task RecoverAsync(Party party)
    {
        MessageSigningOptions options = party.Use();
        bool seesOtherScheme = !options.Policy.Components.Contains("@scheme");
        string[] wanted = [.. ((string[])["@authority", "@target-uri", "x-a", "x-b", "x-1", "x-2", "x-3", "content-digest"]).Where(_ => _draw.OneIn(2)).Where(name => name != "@target-uri" || !seesOtherScheme)];
        Place place = _draw.Of(Place.All.Where(static place => place.IsTrusted).ToArray());
        TimeSpan skew = TimeSpan.FromSeconds(_draw.Of(0, -3000, 3000, 400));
        _onSent = (_, sent) =>
        {
            _steps.Add($"  {sent.Input}");
            Sent seen = seesOtherScheme ? sent with { Request = sent.Request with { Scheme = "gopher" } } : sent;
            var policy = new VerificationPolicy { RequiredComponents = ["@method", .. wanted], CoveredIfPresent = [] };
            SignatureStatus status = seen.Verify(_key, new ManualTimeProvider(_time.GetUtcNow() + skew), policy);
            string now = (_time.GetUtcNow() + skew).ToString("R", CultureInfo.InvariantCulture);
            _told = status == SignatureStatus.Verified
                ? new Told()
                : new Told { Status = 401, Code = Outcome.Of(status).Code, Dates = [now], Wish = Wish.For(wanted) };
            _steps.Add($"  -> {_told}");
        };
        _answer = () => _told;
        bool isAccepted = false;
        for (int request = 0; request < 4; request++)
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, place.Address);
            foreach (string name in (string[])["x-a", "x-b", "x-c", "x-1", "x-2", "x-3"])
            {
                message.Headers.TryAddWithoutValidation(name, "v");
            }

            try
            {
                using HttpResponseMessage response = await party.Clients[0].SendAsync(message, TestContext.Current.CancellationToken);
            }
            catch (MessageSigningException) when (options.Responses.Required)
            {
                // The answers here are not signed; what they teach is learnt all the same.
            }

            isAccepted = _told.Status == 200;
        }

        Assert.True(isAccepted || !options.LearnFromServer, $"{place.Address} wants {string.Join(' ', wanted)} at {skew} and never gets it.");
        Recovered += isAccepted ? 1 : 0;
    }

    private async Task SendAsync(Party party)
    {
        MessageSigningOptions options = party.Use();
        Asked asked = Ask(options);
        _steps.Add($"{Array.IndexOf(_parties, party)} {asked}");
        using HttpRequestMessage request = asked.ToMessage();
        request.Options.Set(SigningOverrides.Components, asked.Components!);
        if (asked.Components is null)
        {
            ((IDictionary<string, object?>)request.Options).Remove(SigningOverrides.Components.Key);
        }

        if (asked.Tag is not null)
        {
            request.Options.Set(SigningOverrides.Tag, asked.Tag);
        }

        if (asked.OtherKey)
        {
            request.Options.Set(SigningOverrides.Key, _other);
        }

        int sending = 0;
        bool isOver = false;
        Told last = new();
        _onSent = (_, sent) =>
        {
            Assert.False(isOver, "It was sent once more than the model says.");
            sending++;
            ClientModel.Taught taught = party.Model.Of(asked.Place, options);
            _steps.Add($"  {sent.Input} at {sent.At:HH:mm:ss} by {taught}");
            HashSet<string> covered = ClientModel.Covered(asked, options, taught);
            Check(sent, asked, options, taught, covered);
            last = Tell(asked);
            _steps.Add($"  -> {last}");
            TimeSpan? wait = last.Breaks ? null : party.Model.Learn(asked, options, taught, covered, sending, last, _time.GetUtcNow());
            isOver = wait is null;
            _wait = wait ?? TimeSpan.Zero;
            Lessons += isOver ? 0 : 1;
        };
        _answer = () => last;

        ClientModel.Taught before = party.Model.Of(asked.Place, options);
        bool readsBody = asked.HasBody && ClientModel.Covered(asked, options, before).Contains("content-digest");
        bool isTooLong = readsBody && !asked.CanBeReadAgain && asked.Bytes.Length > MaxBuffered;
        HttpResponseMessage? response = null;
        Exception? refused = null;
        try
        {
            HttpMessageInvoker client = _draw.Of(party.Clients);
            response = _draw.OneIn(3)
                ? client.Send(request, TestContext.Current.CancellationToken)
                : await client.SendAsync(request, TestContext.Current.CancellationToken);
        }
        catch (Exception exception) when (exception is MessageSigningException or HttpRequestException)
        {
            refused = exception;
            _steps.Add($"  threw {exception.GetType().Name}: {exception.Message}");
            Assert.DoesNotContain("a secret of the model", exception.ToString(), StringComparison.Ordinal);
        }

        if (isTooLong)
        {
            Assert.Equal((0, SignatureStatus.BodyTooLarge), (sending, (refused as MessageSigningException)?.Status));
            return;
        }

        Assert.True(isOver, $"It was sent {sending} times, and not again.");
        bool isUnsigned = !last.Breaks && options.Responses.Required;
        Assert.Equal(last.Breaks, refused is HttpRequestException);
        Assert.Equal(isUnsigned, refused is MessageSigningException);
        if (response is not null)
        {
            Assert.Equal((HttpStatusCode)last.Status, response.StatusCode);
            using HttpResponseMessage asItCame = last.ToResponse();
            Assert.Equal(asItCame.Headers.NonValidated.Select(static field => $"{field.Key}: {field.Value}"), response.Headers.NonValidated.Select(static field => $"{field.Key}: {field.Value}"));
            response.Dispose();
        }

        Assert.Equal((asked.Method, new Uri(asked.Place.Address)), (request.Method, request.RequestUri));
        foreach ((string name, string value) in asked.Fields)
        {
            Assert.Equal(value, request.Headers.NonValidated[name].ToString());
        }
    }

    private void Check(Sent sent, Asked asked, MessageSigningOptions options, ClientModel.Taught taught, HashSet<string> covered)
    {
        Assert.Equal(covered.Order(StringComparer.Ordinal), sent.Covered().Order(StringComparer.Ordinal));
        Assert.Equal((sent.At + taught.Offset).ToUnixTimeSeconds(), sent.Created);
        Assert.Equal(asked.OtherKey ? "model_key_2" : "model_key_1", sent.Parameter("keyid"));
        Assert.Equal((asked.Tag ?? options.Policy.Tag)?.Replace("\\", "\\\\", StringComparison.Ordinal), sent.Parameter("tag"));
        Assert.Equal(options.Policy.IncludeAlgorithm ? "hmac-sha256" : null, sent.Parameter("alg"));
        Assert.Equal(options.Policy.IncludeNonce, sent.Parameter("nonce") is { } nonce && _nonces.Add(nonce));
        Assert.Equal(options.Policy.Lifetime is { } lifetime ? $"{sent.Created + (long)lifetime.TotalSeconds}" : null, sent.Parameter("expires"));
        Assert.Equal((asked.Place.Scheme, asked.Place.Authority, Place.Target), (sent.Request.Scheme, sent.Request.Authority, sent.Request.Target));
        Assert.Equal(asked.Bytes, sent.Request.Body);
        foreach ((string name, string value) in asked.Fields)
        {
            Assert.Equal(value, Assert.Single(sent.Request.Lines(name)));
        }

        Assert.DoesNotContain(sent.Request.Fields, field => field.Value.Contains("a secret of the model", StringComparison.Ordinal) || field.Value.Contains("theirs", StringComparison.Ordinal));
        var policy = new VerificationPolicy { RequiredComponents = [.. covered], CoveredIfPresent = [.. options.Policy.CoverIfPresent] };
        var clock = new ManualTimeProvider(sent.At + taught.Offset);
        Assert.Equal(SignatureStatus.Verified, sent.Verify(asked.OtherKey ? _other : _key, clock, policy));
        if (covered.Contains("content-digest"))
        {
            Assert.Equal(RequestDraft.DigestOf(asked.Bytes), Assert.Single(sent.Request.Lines("content-digest")));
        }
    }

    private Asked Ask(MessageSigningOptions options)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in (string[])["x-a", "x-b", "x-c", "authorization"])
        {
            if (_draw.OneIn(2))
            {
                fields.Add(name, name == "x-c" && _draw.OneIn(6) && !options.Policy.Components.Concat(options.Policy.CoverIfPresent).Contains("x-c") ? "odd\x01" : "v  1");
            }
        }

        int many = _draw.Of(0, 0, 0, 30);
        for (int i = 0; i < many; i++)
        {
            fields.Add($"x-{i}", "1");
        }

        foreach (string name in options.Policy.Components.Where(static name => name.Contains("x-", StringComparison.Ordinal)))
        {
            fields[name.Split('"')[name[0] == '"' ? 1 : 0]] = "must";
        }

        string body = _draw.Of("none", "none", "bytes", "text", "seekable", "stream", "sized", "own");
        HttpMethod method = body == "none" ? _draw.Of(HttpMethod.Get, HttpMethod.Head, HttpMethod.Delete, HttpMethod.Post) : _draw.Of(HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch);
        byte[] bytes = body == "none" ? [] : new byte[_draw.Of(0, 5, 60, body == "sized" ? 61 : 70)];
        bytes.AsSpan().Fill((byte)'b');
        string[] names = [.. fields.Where(static field => !field.Value.Contains('\x01', StringComparison.Ordinal)).Select(static field => field.Key), "@scheme", "@target-uri"];
        int room = SignatureLimits.MaxComponents - options.Policy.Components.Count - options.Policy.CoverIfPresent.Count;
        string[]? components = _draw.OneIn(4) ? [.. Enumerable.Range(0, _draw.Of(1, 2, 12, 40)).Select(_ => _draw.Of(names)).Distinct().Take(room)] : null;
        return new Asked(_draw.Of(Place.All), method, fields, body, bytes, components, _draw.OneIn(6) ? _draw.Of("mine", "other", "a\\b") : null, _draw.OneIn(8));
    }

    private Told Tell(Asked asked)
    {
        if (_draw.OneIn(30))
        {
            return new Told { Breaks = true };
        }

        (string[] dates, DateTimeOffset? date) = Dates(asked);
        bool wishes = _draw.OneIn(2);
        int status = _draw.Of(200, 401, 401, 401, 401, 401, 401, 503, _draw.Of(301, 307, 403, 407, 421, 429, 500, 502));
        string? code = status switch
        {
            503 => _draw.Of("replay_before_floor", "replay_before_floor", "replay_store_unavailable"),
            401 when _draw.OneIn(8) => null,
            _ => _draw.Of(Codes),
        };
        return new Told
        {
            Status = status,
            Code = code,
            Challenge = _draw.OneIn(6) ? "Bearer realm=\"b\", error=\"invalid_token\"" : null,
            Dates = dates,
            Date = date,
            HasAge = _draw.OneIn(20),
            RetryAfter = _draw.OneIn(4) ? null : _draw.Of(0, 0, 0, 5, 30, 31, int.MaxValue),
            Wish = wishes || code == "insufficient_coverage" ? Wish.Random(_draw) : Wish.None,
        };
    }

    private (string[] Dates, DateTimeOffset? Date) Dates(Asked asked)
    {
        int skew = _draw.OneIn(3)
            ? _draw.Of(0, 1, -1, 3599, -3599, 3602, -3602, 86400, -86400 * 365 * 20, 5, -5)
            : asked.Place.Origin.Length * 97 * (_draw.OneIn(5) ? -1 : 1);
        DateTimeOffset at = _time.GetUtcNow().AddSeconds(skew);
        string text = at.ToString("R", CultureInfo.InvariantCulture);
        at = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
        return _draw.Below(16) switch
        {
            0 => ([], null),
            1 => ([_draw.Of("", "soon", "0", "2030-13-01", text + "x", "Tue, 32 Jan 2030 12:00:00 GMT", new string('9', 400))], null),
            2 => ([text, at.AddSeconds(777).ToString("R", CultureInfo.InvariantCulture)], null),
            _ => ([text], at),
        };
    }

    /// <summary>One client with two handlers, as the factory makes one after the other, and what the model says of it.</summary>
    private sealed class Party : IDisposable
    {
        private readonly ClientModelRun _run;
        private Func<MessageSigningOptions> _options = null!;
        private bool _isUsed;

        public Party(ClientModelRun run)
        {
            _run = run;
            Reload();
            var state = new ClientState(() => _options(), run._time, NullLogger.Instance);
            Clients = [Client(state), Client(state)];
        }

        public HttpMessageInvoker[] Clients { get; }

        public ClientModel Model { get; } = new();

        /// <summary>Gets the options of the next request; those after a reload are known to the client once it has used them.</summary>
        public MessageSigningOptions Options { get; private set; } = null!;

        public MessageSigningOptions Use()
        {
            _isUsed = true;
            return Options;
        }

        public void Reload()
        {
            Draw draw = _run._draw;
            if (_isUsed && draw.OneIn(5))
            {
                _options = static () => throw new OptionsValidationException("x", typeof(MessageSigningOptions), ["half a file"]);
                _run._steps.Add("broken options");
                return;
            }

            var many = new SigningPolicy { CoverIfPresent = [.. Enumerable.Range(0, 14).Select(static i => $"x-{i}"), "content-digest"] };
            var options = new MessageSigningOptions
            {
                Key = "model_key_1",
                Secret = "a secret of the model, no. 1",
                AllowPlainHttp = true,
                MaxBufferedBytes = MaxBuffered,
                LearnFromServer = !draw.OneIn(10),
                Policy = draw.Of(
                    new SigningPolicy(),
                    new SigningPolicy { Tag = "mine", Lifetime = TimeSpan.FromSeconds(60) },
                    new SigningPolicy { Components = ["@method", "@path"], CoverIfPresent = [], IncludeAlgorithm = false },
                    new SigningPolicy { Components = ["@method", "@path", "content-digest", "x-a"], CoverIfPresent = ["x-b"], Tag = "a\\b" },
                    new SigningPolicy { Components = ["@method", "@path", "@scheme"], CoverIfPresent = ["x-a", "x-3", "content-digest"], IncludeNonce = false },
                    new SigningPolicy { Components = ["@method", "@path", "\"x-a\";bs"], CoverIfPresent = ["x-b", "content-digest"] },
                    many),
            };
            options.Responses.Required = draw.OneIn(5);
            _isUsed = false;
            Options = options;
            _options = () => options;
            _run._steps.Add($"options {options.Policy.Components.Count}+{options.Policy.CoverIfPresent.Count} tag={options.Policy.Tag} learn={options.LearnFromServer} required={options.Responses.Required}");
        }

        public void Dispose()
        {
            foreach (HttpMessageInvoker client in Clients)
            {
                client.Dispose();
            }
        }

        private HttpMessageInvoker Client(ClientState state) => new(new MessageSigningHandler(state, new ScriptedConnection(_run._time, (request, sent) =>
        {
            _run._onSent(request, sent);
            return _run._answer();
        })));
    }
}
