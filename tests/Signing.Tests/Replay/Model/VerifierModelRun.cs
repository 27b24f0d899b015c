using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Replay.Model;

/// <summary>Sends signed requests to the schemes of one host at random, again and again, and compares every verdict with the model.</summary>
internal sealed class VerifierModelRun(int seed) : IDisposable
{
    private const int Keys = 4;

    private readonly Random _random = new(seed);
    private readonly ManualTimeProvider _time = new();
    private readonly ReplayModel _model = new();
    private readonly List<string> _steps = [];
    private readonly List<RequestDraft> _sent = [];
    private readonly Dictionary<string, VerificationPolicy> _configured = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VerificationPolicy> _used = new(StringComparer.Ordinal);
    private readonly List<(string Scheme, SignatureOptions Options)> _former = [];
    private ServiceProvider? _services;

    public int Accepted => _model.Accepted.Count;

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    private RequestVerifiers Verifiers => _services!.GetRequiredService<RequestVerifiers>();

    public async Task RunAsync(int steps)
    {
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            _configured.Add($"s{i}", Policy());
        }

        Start();
        for (int step = 0; step < steps; step++)
        {
            switch (_random.Next(30))
            {
                case 0 or 1:
                    Reload();
                    break;
                case 2 when _random.Next(4) == 0:
                    Restart();
                    break;
                case < 8:
                    MoveClock();
                    break;
                case 8 when _former.Count > 0:
                    AskByFormerOptions();
                    break;
                case < 20 when _sent.Count > 0:
                    await SendAsync(Again(Any([.. _sent])));
                    break;
                default:
                    await SendAsync(Draft());
                    break;
            }
        }
    }

    public void Dispose() => _services?.Dispose();

    private void Start()
    {
        var credentials = new CredentialBook();
        for (int i = 0; i < Keys; i++)
        {
            credentials.Set(new Credential($"k{i}", new CredentialSecret(new SigningKey($"k{i}", ApiHost.Secret))));
        }

        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<TimeProvider>(_time).AddSingleton<ICredentialSource>(credentials);
        foreach (string scheme in _configured.Keys)
        {
            services.AddAuthentication().AddMessageSignature(scheme, options =>
            {
                options.Policy = _configured[scheme];
                options.Replay.Capacity = ReplayOptions.MinCapacity;
            });
            _used[scheme] = _configured[scheme];
        }

        _services?.Dispose();
        _services = services.BuildServiceProvider();
        _former.Clear();
        foreach (string scheme in _configured.Keys)
        {
            Verifiers.Get(scheme);
        }

        Begin(MaxSkew);
    }

    // What a clock that is set back lets in again is not covered by the floor, nor what a longer skew had let in.
    private void Restart()
    {
        _model.End();
        Start();
        long floor = Now + _model.FutureSkew;
        foreach (RequestDraft draft in _sent.Where(draft => draft.Created.ToUnixTimeSeconds() > floor))
        {
            _model.Accepted.Remove(Fingerprint(draft));
        }
    }

    private void Reload()
    {
        string scheme = Any([.. _configured.Keys]);
        _former.Add((scheme, _services!.GetRequiredService<IOptionsMonitor<SignatureOptions>>().Get(scheme)));
        _configured[scheme] = Policy();
        _services!.GetRequiredService<IOptionsMonitorCache<SignatureOptions>>().TryRemove(scheme);
        Note($"reload {scheme}: {_configured[scheme].MaxAge}+{_configured[scheme].FutureSkew}");
    }

    // Options hold from the next request of the scheme.
    private void Use(string scheme)
    {
        _used[scheme] = _configured[scheme];
        long skew = Math.Max(_model.FutureSkew, MaxSkew);
        if (skew != _model.FutureSkew || MaxAge != _model.MaxAge)
        {
            Begin(skew);
        }
    }

    private long MaxAge => (long)_used.Values.Max(policy => policy.MaxAge).TotalSeconds;

    private long MaxSkew => (long)_used.Values.Max(policy => policy.FutureSkew).TotalSeconds;

    private void Begin(long skew)
    {
        _model.Begin(_time.GetUtcNow(), MaxAge, skew, _used.Count * ReplayOptions.MinCapacity, floor: true);
        Note($"begin {_model.MaxAge}+{skew}");
    }

    // As a request does that began before a reload.
    private void AskByFormerOptions()
    {
        (string scheme, SignatureOptions options) = Any([.. _former]);
        Note($"former options of {scheme}");
        if (!ReferenceEquals(options.Policy, _used[scheme]))
        {
            Use(scheme);
        }

        Verifiers.Get(scheme, options);
    }

    private VerificationPolicy Policy() => new() { MaxAge = TimeSpan.FromSeconds(Any(1, 5, 30, 60)), FutureSkew = TimeSpan.FromSeconds(Any(0, 1, 5, 30)) };

    private RequestDraft Draft()
    {
        VerificationPolicy policy = Any([.. _used.Values]);
        long age = (long)policy.MaxAge.TotalSeconds;
        long skew = (long)policy.FutureSkew.TotalSeconds;
        long created = Now + Any(0, skew, skew, -age, _random.NextInt64(-age, skew + 1)) + Any(-1, 0, 0, 1);
        var draft = new RequestDraft("GET", Any("/a", "/b?c=1"), body: null)
        {
            Authority = "api.example.com",
            Created = DateTimeOffset.FromUnixTimeSeconds(created),
            KeyId = $"k{_random.Next(Keys)}",
            MoreParameters = _random.Next(3) == 0 ? string.Create(CultureInfo.InvariantCulture, $";expires={Expires(created)}") : "",
        };
        draft.Nonce = _random.Next(3) == 0 ? null : $"{_random.Next()}";
        _sent.Add(draft);
        return draft;
    }

    private long Expires(long created) => created + Any(1, 2, 10, 3600, 3601);

    private RequestDraft Again(RequestDraft draft)
    {
        draft.Label = Any("sig1", "other");
        draft.SentSignature = _random.Next(8) == 0 ? $"{draft.Label}=:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}:" : null;
        return draft;
    }

    private async Task SendAsync(RequestDraft draft)
    {
        HttpContext context = Context(draft);
        SignatureStatus first = await JudgeAsync(draft, context, Any([.. _configured.Keys]), isKnown: false);
        if (_random.Next(3) == 0)
        {
            await JudgeAsync(draft, context, Any([.. _configured.Keys]), isKnown: first == SignatureStatus.Verified);
        }
    }

    private async Task<SignatureStatus> JudgeAsync(RequestDraft draft, HttpContext context, string scheme, bool isKnown)
    {
        bool isAsked = SignatureFeature.Find(context, scheme) is not null;
        Use(scheme);
        SignatureFeature feature = await Verifiers.Get(scheme).VerifyAsync(context);
        long created = draft.Created.ToUnixTimeSeconds();
        Note($"send {_sent.IndexOf(draft)} at {created - Now} to {scheme}: {feature.Status}");
        if (isAsked)
        {
            return feature.Status;
        }

        SignatureStatus[] refusals = [.. Times(draft, _configured[scheme])];
        UInt128 fingerprint = Fingerprint(draft);
        SignatureStatus[] expected = refusals.Length > 0 ? refusals
            : draft.SentSignature is not null ? [SignatureStatus.InvalidCredential]
            : isKnown ? [SignatureStatus.Verified]
            : [.. _model.Claim(fingerprint, draft.KeyId, created, _time.GetUtcNow()).Select(StatusOf)];
        if (!expected.Contains(feature.Status))
        {
            Assert.Fail($"Seed {seed}: {feature.Status}, but expected {string.Join(" or ", expected)} after\n{string.Join('\n', _steps)}");
        }

        if (feature.IsVerified && !isKnown)
        {
            _model.Grant(fingerprint, draft.KeyId, created);
        }

        return feature.Status;
    }

    private IEnumerable<SignatureStatus> Times(RequestDraft draft, VerificationPolicy policy)
    {
        long created = draft.Created.ToUnixTimeSeconds();
        long skew = (long)policy.FutureSkew.TotalSeconds;
        if (created > Now + skew)
        {
            yield return SignatureStatus.CreatedInFuture;
        }

        if (created < Now - (long)policy.MaxAge.TotalSeconds)
        {
            yield return SignatureStatus.TooOld;
        }

        if (draft.MoreParameters.Length > 0)
        {
            long expires = long.Parse(draft.MoreParameters.Split('=')[1], CultureInfo.InvariantCulture);
            if (expires < Now - skew)
            {
                yield return SignatureStatus.ExpiredSignature;
            }

            if (expires - created > 3600)
            {
                yield return SignatureStatus.LifetimeTooLong;
            }
        }
    }

    private static SignatureStatus StatusOf(ReplayClaim claim) => claim switch
    {
        ReplayClaim.Claimed => SignatureStatus.Verified,
        ReplayClaim.AlreadyClaimed => SignatureStatus.Replayed,
        ReplayClaim.BeforeFloor => SignatureStatus.ReplayBeforeFloor,
        ReplayClaim.QuotaExceeded => SignatureStatus.ReplayQuotaExceeded,
        _ => SignatureStatus.ReplayStoreUnavailable,
    };

    private static UInt128 Fingerprint(RequestDraft draft) => BinaryPrimitives.ReadUInt128BigEndian(Convert.FromBase64String(draft.Mac()));

    private DefaultHttpContext Context(RequestDraft draft)
    {
        var context = new DefaultHttpContext { RequestServices = _services! };
        context.Request.Method = draft.Method;
        context.Request.Scheme = draft.Scheme;
        context.Request.Headers.Host = draft.Authority;
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = draft.Target;
        foreach ((string name, string value) in draft.AllFields())
        {
            context.Request.Headers.Append(name, value);
        }

        return context;
    }

    private void MoveClock()
    {
        DateTimeOffset second = DateTimeOffset.FromUnixTimeSeconds(Now);
        long window = _model.MaxAge + _model.FutureSkew;
        _time.SetClock(_random.Next(8) switch
        {
            0 when _random.Next(3) == 0 => _time.GetUtcNow().AddSeconds(-_random.NextInt64(window * 2)),
            1 => _time.GetUtcNow().AddSeconds(-_random.Next(4)),
            2 => second.AddSeconds(1).AddTicks(Any(-1, 0, 1)),
            3 => _time.GetUtcNow().AddSeconds(_random.NextInt64(window * 2)),
            4 => second.AddSeconds(_model.MaxAge + Any(-1, 0, 1)),
            _ => _time.GetUtcNow().AddMilliseconds(_random.Next(5_000)),
        });
        Note($"clock {_time.GetUtcNow():HH:mm:ss.fffffff}");
    }

    private void Note(string step) => _steps.Add(step);

    private T Any<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
