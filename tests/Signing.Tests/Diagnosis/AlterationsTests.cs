using System.Text;
using System.Text.Json;
using Signing.Tests.Fuzz;
using Signing.Tests.Support;

namespace Signing.Tests.Diagnosis;

/// <summary>What proxies, gateways and handlers do to requests, one or two at once, is named for drawn requests.</summary>
public sealed class AlterationsTests
{
    private static readonly Alteration[] All =
    [
        new("\"@authority\"", MismatchCause.AuthorityRewritten, static (draw, one) => (one with { AuthorityText = draw.Of("10.0.0.5:8080", "orders.internal", "[::1]:5000") }).With("X-Forwarded-Host", one.AuthorityText)),
        new("\"@authority\"", MismatchCause.PortDropped, static (_, one) => Port(one) is "8443" or "8080" ? one with { AuthorityText = Host(one) } : null),
        new("\"@authority\"", MismatchCause.PortChanged, static (draw, one) => Port(one) is null ? one with { AuthorityText = Host(one) + draw.Of(":8080", ":5000") } : null),
        new("\"@method\"", MismatchCause.MethodChanged, static (draw, one) => one.MethodText == "POST" ? null : one with { MethodText = draw.Of("POST", "OPTIONS") }),
        new("\"@path\"", MismatchCause.PathPrefixStripped, static (draw, one) => Path(one).Count('/') < 2 ? null : (one with { Target = Target(one, Path(one)[Path(one).IndexOf('/', 1)..]) }).With("X-Forwarded-Prefix", Path(one)[..Path(one).IndexOf('/', 1)])),
        new("\"@path\"", MismatchCause.PathPrefixAdded, static (draw, one) => one with { Target = Target(one, draw.Of("/internal", "/svc/orders") + Path(one)) }),
        new("\"@path\"", MismatchCause.PathReencoded, static (_, one) => Path(one).Contains("%2f", StringComparison.Ordinal) ? one with { Target = Target(one, Path(one).Replace("%2f", "%2F", StringComparison.Ordinal)) } : null),
        new("\"@path\"", MismatchCause.PathRewritten, static (_, one) => one with { Target = Target(one, Path(one).EndsWith('/') ? Path(one).TrimEnd('/') : Path(one) + "/") }),
        new("\"@query\"", MismatchCause.QueryReordered, static (_, one) => Pairs(one).Length > 1 && !Enumerable.Reverse(Pairs(one)).SequenceEqual(Pairs(one)) ? one with { Target = Path(one) + "?" + string.Join('&', Enumerable.Reverse(Pairs(one))) } : null),
        new("\"@query\"", MismatchCause.QueryReencoded, static (_, one) => one.Target.Contains("%20", StringComparison.Ordinal) && Pairs(one).Any(pair => pair.Contains("%20", StringComparison.Ordinal)) ? one with { Target = Path(one) + "?" + string.Join('&', Pairs(one)).Replace("%20", "+", StringComparison.Ordinal) } : null),
        new("\"@query\"", MismatchCause.QueryAdded, static (draw, one) => one with { Target = one.Target + (Pairs(one).Length > 0 ? "&" : "?") + draw.Of("fbclid=IwAR0", "utm_source=x", "api-version=2") }),
        new("\"x-list\"", MismatchCause.FieldLinesJoined, static (_, one) => one.With("X-List", "a,b")),
        new("\"x-list\"", MismatchCause.FieldLinesJoined, static (_, one) => one.With("X-List", "b, a")),
        new("\"cache-control\"", MismatchCause.FieldRewrittenByClient, static (_, one) => one.With("Cache-Control", "no-cache, max-age=1")),
        new("\"content-type\"", MismatchCause.FieldChanged, static (_, one) => one.Content.Length > 0 ? one.With("Content-Type", "application/json; charset=utf-8") : null),
        new("\"content-digest\"", MismatchCause.ContentReserialized, static (_, one) => one.Content.Length > 0 ? one with { Content = JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize<JsonElement>(one.Content), Indented) } : null),
        new("\"content-digest\"", MismatchCause.ContentCompressed, static (_, one) => one.Content.Length > 0 ? one with { Content = MismatchCases.Packed(one.Content) } : null),
    ];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public void One_or_two_at_once_are_named()
    {
        var wrong = new List<string>();
        for (var seed = 0; seed < Effort.Of(400); seed++)
        {
            var draw = new Draw(seed);
            var sent = Sent(draw);
            var signed = new MismatchCase("drawn", "", MismatchCause.Unknown) { Sent = sent, Covered = ["@method", "@authority", "@path", "@query", "x-list", "cache-control", .. sent.Content.Length > 0 ? ["content-type", "content-digest"] : Array.Empty<string>()] }.Sign();
            var expected = new List<(string, MismatchCause)>();
            var captured = signed;
            for (var i = 0; i < 1 + draw.Below(2); i++)
            {
                var alteration = All[draw.Below(All.Length)];
                if (expected.All(one => one.Item1 != alteration.Component) && alteration.Make(draw, captured) is { } altered)
                {
                    captured = altered;
                    expected.Add((alteration.Component, alteration.Cause));
                }
            }

            var diagnosis = RequestDiagnosis.Diagnose(captured, captured.Content, MismatchCase.KeyId, MismatchCases.Secret, new RequestCircumstances { ReceivedAt = MismatchCase.Now });
            var named = diagnosis.Differences.Select(one => (one.Component, one.Cause)).ToList();
            if (!expected.Order().SequenceEqual(named.Order()))
            {
                wrong.Add($"{seed}: expected {string.Join(' ', expected)}: {diagnosis.Sentence}\n  {Encoding.Latin1.GetString(signed.ToHttp()).Split('\r')[0]}  {signed.AuthorityText} -> {Encoding.Latin1.GetString(captured.ToHttp()).Split('\r')[0]} {captured.AuthorityText}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count}\n" + string.Join('\n', wrong.Take(60)));
    }

    private static CapturedMessage Sent(Draw draw)
    {
        var path = draw.Of("/orders", "/v1/orders/7", "/v1/files/a%2fb", "/a%20b/c", "/v2/");
        var query = draw.Of("", "?a=1&b=2", "?q=green%20tea&sort=asc&limit=5", "?x", "?a=1&a=2&a=3", "?name=%C3%A9t%C3%A9&after=x&limit=5&sort=d&e=1&f=2");
        var sent = new CapturedMessage { Target = path + query, AuthorityText = draw.Of("api.example.com", "api.example.com:8443", "localhost:8080", "[2001:db8::1]:8443") }
            .With("X-List", "a", "b").With("Cache-Control", "no-cache,max-age=1");
        return draw.OneIn(2) ? sent.WithContent("application/json", Encoding.UTF8.GetBytes("{\"name\":\"tea\",\"n\":[1,2.50],\"none\":null}")) : sent;
    }

    private static string Path(CapturedMessage one) => one.Target.Split('?')[0];

    private static string[] Pairs(CapturedMessage one) => one.Target.Split('?').ElementAtOrDefault(1)?.Split('&') ?? [];

    private static string Target(CapturedMessage one, string path) => path + one.Target[Path(one).Length..];

    private static string Host(CapturedMessage one) => one.AuthorityText[..(one.AuthorityText.LastIndexOf(':') is var at && at > one.AuthorityText.LastIndexOf(']') && at >= 0 ? at : one.AuthorityText.Length)];

    private static string? Port(CapturedMessage one) => Host(one).Length == one.AuthorityText.Length ? null : one.AuthorityText[(Host(one).Length + 1)..];

    private sealed record Alteration(string Component, MismatchCause Cause, Func<Draw, CapturedMessage, CapturedMessage?> Make);
}
