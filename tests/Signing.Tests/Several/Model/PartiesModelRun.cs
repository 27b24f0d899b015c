using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Several.Model;

/// <summary>Sends requests with the signatures of several parties at random, sound, broken, taken from each other and sent again, and compares every answer with the model.</summary>
internal sealed class PartiesModelRun(int seed, Door door)
{
    private static readonly string[] Parties = ["caller", "gateway", "partner"];

    private static readonly (string Path, string Mode, string[] Parties)[] Endpoints =
    [
        ("/all2", "all", ["caller", "gateway"]),
        ("/all2back", "all", ["gateway", "caller"]),
        ("/all3", "all", ["caller", "gateway", "partner"]),
        ("/chain2", "chain", ["caller", "gateway"]),
        ("/chain2back", "chain", ["partner", "caller"]),
        ("/chain3", "chain", ["caller", "gateway", "partner"]),
        ("/any2", "any", ["caller", "gateway"]),
        ("/any3", "any", ["gateway", "partner", "caller"]),
    ];

    private readonly Random _random = new(seed);
    private readonly PartiesModel _model = new();
    private readonly Dictionary<string, CredentialBook> _books = Parties.ToDictionary(party => party, _ => new CredentialBook(), StringComparer.Ordinal);
    private readonly List<string> _steps = [];
    private readonly List<(byte[]? Body, string Method, List<PartySignature> Signatures)> _sent = [];

    public int Accepted { get; private set; }

    public async Task RunAsync(int steps)
    {
        Know();
        await using ApiHost api = await StartAsync();
        for (int step = 0; step < steps; step++)
        {
            switch (_random.Next(12))
            {
                case 0:
                    api.Clock.Advance(TimeSpan.FromSeconds(_random.Next(200)));
                    break;
                case 1:
                    Suspend();
                    break;
                default:
                    await SendAsync(api);
                    break;
            }
        }
    }

    private void Know()
    {
        // The gateway's source knows a Key and a Secret of the caller's, too, and the partner's another Secret under a Key of the caller's.
        _model.Known["caller"] = new(StringComparer.Ordinal) { ["c1"] = "secret of c1, thirty-two bytes long", ["c2"] = "secret of c2, thirty-two bytes long" };
        _model.Known["gateway"] = new(StringComparer.Ordinal) { ["g1"] = "secret of g1, thirty-two bytes long", ["c1"] = "secret of c1, thirty-two bytes long", ["g2"] = "secret of c2, thirty-two bytes long" };
        _model.Known["partner"] = new(StringComparer.Ordinal) { ["p1"] = "secret of p1, thirty-two bytes long", ["c2"] = "secret of p2, thirty-two bytes long" };
        foreach ((string party, Dictionary<string, string> keys) in _model.Known)
        {
            foreach (string key in keys.Keys)
            {
                Tell(party, key);
            }
        }
    }

    private void Tell(string party, string key) => _books[party].Set(new Credential(key, new CredentialSecret(new SigningKey(key, _model.Known[party][key])))
    {
        Status = _model.Suspended.Contains((party, key)) ? StoredStatus.Suspended : StoredStatus.Active,
    });

    private void Suspend()
    {
        string party = Any(Parties);
        string key = Any([.. _model.Known[party].Keys]);
        _ = _model.Suspended.Remove((party, key)) || (_random.Next(2) == 0 && _model.Suspended.Add((party, key)));
        Tell(party, key);
    }

    private async Task SendAsync(ApiHost api)
    {
        (string path, string mode, string[] parties) = Any(Endpoints);
        (byte[]? body, string method, List<PartySignature> earlier) = _sent.Count > 0 && _random.Next(3) > 0 ? Any([.. _sent.TakeLast(20)]) : Fresh();
        List<PartySignature> signatures = [.. earlier.Where(_ => _random.Next(8) > 0)];
        RequestDraft draft = api.Draft(method, path, body);
        for (int i = _random.Next(earlier.Count == 0 ? 1 : 0, 4); i > 0; i--)
        {
            Sign(draft, parties, signatures);
        }

        bool isAltered = body is not null && _random.Next(15) == 0;
        draft.Signed = false;
        if (signatures.Count > 0)
        {
            draft.With("Signature-Input", string.Join(", ", signatures.Select(signature => $"{signature.Label}={signature.Input}")));
            draft.With("Signature", string.Join(", ", signatures.Select(signature => $"{signature.Label}=:{signature.Mac}:")));
        }

        if (isAltered)
        {
            draft.With("Content-Digest", RequestDraft.DigestOf(body!));
            draft.Body = [.. body!, (byte)'!'];
        }

        long now = api.Clock.GetUtcNow().ToUnixTimeSeconds();
        PartiesVerdict expected = _model.Judge(mode, parties, signatures, isAltered, now);
        _steps.Add($"{now} {path} {(isAltered ? "altered " : "")}{string.Join(" | ", signatures.Select(Describe))} => {expected.User ?? string.Join('/', expected.Codes)}");
        RawAnswer answer = await api.SendAsync(draft);
        Compare(expected, answer);
        if (signatures.Count <= 6)
        {
            _sent.Add((body, method, signatures));
        }
    }

    private (byte[]? Body, string Method, List<PartySignature> Signatures) Fresh() =>
        _random.Next(2) == 0 ? (null, "GET", []) : ([.. "content "u8, (byte)_random.Next('a', 'z')], "POST", []);

    private void Sign(RequestDraft draft, string[] parties, List<PartySignature> signatures)
    {
        string party = _random.Next(6) == 0 ? Any(Parties) : parties.FirstOrDefault(wanted => !signatures.Exists(signature => signature.Party == wanted)) ?? Any(parties);
        Dictionary<string, string> keys = _model.Known[party];
        string key = Any([.. keys.Keys]);
        bool isStranger = _random.Next(15) == 0;
        bool coversAll = _random.Next(4) > 0;
        draft.Created += TimeSpan.FromSeconds(_random.Next(20) == 0 ? -400 : _random.Next(20) == 0 ? 60 : 0);
        draft.Nonce = _random.Next().ToString(CultureInfo.InvariantCulture);
        string label = Enumerable.Range(1, 20).Select(number => $"s{number}").First(free => !signatures.Exists(signature => signature.Label == free));
        PartySignature signature = PartySignature.Sign(
            draft, party, isStranger ? "stranger" : key, isStranger ? "secret of nobody, thirty-two bytes" : keys[key], label,
            [.. signatures.Where(_ => coversAll || _random.Next(2) == 0)], isBroken: _random.Next(15) == 0);
        signatures.Insert(_random.Next(signatures.Count + 1), signature);
    }

    private void Compare(PartiesVerdict expected, RawAnswer answer)
    {
        string trace = $"seed {seed}, {door}:\n{string.Join('\n', _steps)}\nanswered {answer}";
        if (expected.User is null)
        {
            Assert.True(answer.Status == 401 && expected.Codes.Contains(answer.Code!) && answer.User is null && answer["X-Seen"] == "", trace);
            return;
        }

        Accepted++;
        string seen = string.Join(' ', expected.Parties.Select(signature => $"{signature.Party}:{signature.Key}").Order(StringComparer.Ordinal));
        Assert.True(answer.Status == 200 && answer.User == expected.User && answer["X-Identities"] == "1" && answer["X-Seen"] == seen, trace);
    }

    private static string Describe(PartySignature signature) =>
        $"{signature.Label}:{signature.Party}/{signature.Key}@{signature.Created}[{string.Join(',', signature.Covered.Keys)}]{(signature.IsBroken ? " broken" : "")}";

    private T Any<T>(T[] items) => items[_random.Next(items.Length)];

    private Task<ApiHost> StartAsync() => ApiHost.StartAsync(new ApiHostSettings
    {
        Door = door,
        Build = builder =>
        {
            foreach (string party in Parties)
            {
                builder.Services.AddKeyedSingleton<ICredentialSource>(party, _books[party]);
            }
        },
        Schemes = authentication =>
        {
            foreach (string party in Parties)
            {
                authentication.AddMessageSignature(party, options => options.Policy = new VerificationPolicy { Tag = party, RequiredComponents = ["@method", "@authority"] });
            }
        },
        Before = app => app.Use((context, next) =>
        {
            // What code of the host's sees of the parties when the answer begins, be it a refusal.
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["X-Seen"] = string.Join(' ', Parties
                    .Where(party => SignatureFeature.Find(context, party) is { IsVerified: true })
                    .Select(party => $"{party}:{SignatureFeature.Find(context, party)!.Credential!.Key}")
                    .Order(StringComparer.Ordinal));
                return Task.CompletedTask;
            });
            return next(context);
        }),
        Map = app =>
        {
            foreach ((string path, string mode, string[] parties) in Endpoints)
            {
                RouteHandlerBuilder endpoint = app.Map(path, Answer);
                _ = mode switch
                {
                    "all" => endpoint.RequireAllSignatures(parties),
                    "chain" => endpoint.RequireSignatureChain(parties),
                    _ => endpoint.RequireAnySignature(parties),
                };
            }
        },
    });

    private static void Answer(HttpContext context)
    {
        context.Response.Headers["X-User"] = context.User.FindFirstValue(SignatureClaimNames.KeyId);
        context.Response.Headers["X-Identities"] = $"{context.User.Identities.Count()}";
    }
}
