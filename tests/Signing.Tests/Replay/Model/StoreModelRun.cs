using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Replay.Model;

/// <summary>Does to a memory at random what callers, operators, clocks and restarts do, and compares every answer with the model.</summary>
internal sealed class StoreModelRun(int seed)
{
    private readonly Random _random = new(seed);
    private readonly ManualTimeProvider _time = new();
    private readonly ReplayModel _model = new();
    private readonly List<string> _steps = [];
    private readonly List<(UInt128 Fingerprint, string Key, long Created)> _known = [];
    private readonly Dictionary<string, SignatureOptions> _schemes = new(StringComparer.Ordinal);
    private SharedReplayMemory _memory = null!;
    private UInt128 _next;

    public int Granted { get; private set; }

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    public async Task RunAsync(int steps)
    {
        Start(floor: Any(true, false));
        for (int step = 0; step < steps; step++)
        {
            switch (_random.Next(30))
            {
                case 0:
                    Reload();
                    break;
                case 1 when _random.Next(4) == 0:
                    Restart();
                    break;
                case < 8:
                    MoveClock();
                    break;
                case 8:
                    await BurstAsync();
                    break;
                case < 20 when _known.Count > 0:
                    await ClaimAsync(Any([.. _known]));
                    break;
                default:
                    await ClaimAsync(Sign());
                    break;
            }
        }
    }

    private void Start(bool floor)
    {
        _schemes.Clear();
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            _schemes.Add($"s{i}", Options(floor));
        }

        _memory = new SharedReplayMemory(new Dictionary<string, SignatureOptions>(_schemes, StringComparer.Ordinal), floorByDefault: false);
        Begin(MaxSkew, floor);
    }

    // What a clock that is set back lets in again is not covered by the floor, nor what a longer skew had let in.
    private void Restart()
    {
        Note("restart");
        _model.End();
        Start(floor: true);
        long floor = Now + _model.FutureSkew;
        _known.RemoveAll(signature => signature.Created > floor && _model.Accepted.Remove(signature.Fingerprint));
    }

    private void Reload()
    {
        string scheme = Any([.. _schemes.Keys]);
        _schemes[scheme] = Options(floor: Any(true, false));
        long skew = Math.Max(_model.FutureSkew, MaxSkew);
        _memory.Use(scheme, _schemes[scheme]);
        if (skew != _model.FutureSkew || MaxAge != _model.MaxAge)
        {
            Begin(skew, floor: true);
        }
    }

    private long MaxAge => (long)_schemes.Values.Max(options => options.Policy.MaxAge).TotalSeconds;

    private long MaxSkew => (long)_schemes.Values.Max(options => options.Policy.FutureSkew).TotalSeconds;

    private void Begin(long skew, bool floor)
    {
        _model.Begin(_time.GetUtcNow(), MaxAge, skew, _schemes.Values.Sum(options => options.Replay.Capacity), floor);
        Note($"begin {_model.MaxAge}+{skew} for {_model.Capacity}, floor {floor}");
    }

    private SignatureOptions Options(bool floor) => new()
    {
        Policy = new VerificationPolicy { MaxAge = TimeSpan.FromSeconds(Any(1, 2, 30, 60, 600)), FutureSkew = TimeSpan.FromSeconds(Any(0, 1, 5, 30)) },
        Replay = new ReplayOptions { Capacity = Any(256, 300, 512), FloorAtStart = floor },
        TimeProvider = _time,
    };

    private (UInt128 Fingerprint, string Key, long Created) Sign()
    {
        long created = Now + Any(0, 0, _model.FutureSkew, -_model.MaxAge, -_model.MaxAge - _model.FutureSkew, _random.NextInt64(-_model.MaxAge, _model.FutureSkew + 1)) + Any(-2, -1, 0, 0, 1, 2);
        _known.Add((_next++, $"k{_random.Next(6)}", created));
        return _known[^1];
    }

    private async Task BurstAsync()
    {
        string key = $"k{_random.Next(6)}";
        long created = Now;
        int spread = Any(1, 20);
        for (int i = 0; i < 140; i++)
        {
            await ClaimAsync((_next++, key, created - _random.Next(spread)));
        }
    }

    private async Task ClaimAsync((UInt128 Fingerprint, string Key, long Created) signature)
    {
        if (signature.Created > Now + _model.FutureSkew)
        {
            // No verifier lets it come so far.
            return;
        }

        ReplayClaim[] expected = _model.Claim(signature.Fingerprint, signature.Key, signature.Created, _time.GetUtcNow());
        ReplayClaim actual = await _memory.TryClaimAsync(signature.Fingerprint, signature.Key, DateTimeOffset.FromUnixTimeSeconds(signature.Created), TestContext.Current.CancellationToken);
        Note($"claim {signature.Fingerprint} of {signature.Key} at {signature.Created - Now}: {actual}");
        if (!expected.Contains(actual))
        {
            Assert.Fail($"Seed {seed}: {actual}, but expected {string.Join(" or ", expected)} after\n{string.Join('\n', _steps)}");
        }

        if (actual == ReplayClaim.Claimed)
        {
            Granted++;
            _model.Grant(signature.Fingerprint, signature.Key, signature.Created);
        }
    }

    private void MoveClock()
    {
        long window = _model.MaxAge + _model.FutureSkew;
        DateTimeOffset second = DateTimeOffset.FromUnixTimeSeconds(Now);
        switch (_random.Next(8))
        {
            case 0 when _random.Next(3) == 0:
                _time.SetClock(_time.GetUtcNow().AddSeconds(-_random.NextInt64(window * 3)));
                break;
            case 1:
                _time.SetClock(_time.GetUtcNow().AddSeconds(-_random.Next(4)));
                break;
            case 2:
                _time.SetClock(second.AddSeconds(1).AddTicks(Any(-1, 0, 1)));
                break;
            case 3:
                _time.SetClock(_time.GetUtcNow().AddSeconds(_random.NextInt64(window * 2)));
                break;
            case 4:
                _time.SetClock(second.AddSeconds(window + Any(-1, 0, 1)));
                break;
            default:
                _time.Advance(TimeSpan.FromMilliseconds(_random.Next(5_000)));
                break;
        }

        Note($"clock {_time.GetUtcNow():HH:mm:ss.fffffff}");
    }

    private void Note(string step) => _steps.Add(step);

    private T Any<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
