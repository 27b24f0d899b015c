using System.Text;
using Signing.Tests.Fuzz;
using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

/// <summary>Two thousand requests that nobody meant to send, at a fixed seed, through both doors.</summary>
[Collection(Alone.Name)]
public sealed class MalformedRequestsTests
{
    private const int Requests = 2000;
    private const int WarmUp = 600;
    private const int OneInFrames = 7;
    private const long MaxGrowthBytes = 1024 * 1024;

    private static readonly string[] Identifiers =
    [
        "\"@method\"", "\"@authority\"", "\"@path\"", "\"@query\"", "\"@target-uri\"", "\"@scheme\"", "\"@request-target\"", "\"@status\"", "\"@query-param\";name=\"id\"",
        "\"@query-param\"", "\"priority\";sf", "\"priority\";key=\"u\"", "\"priority\";bs", "\"x-a\"", "\"content-digest\"", "\"x-a\";req", "\"x-a\";tr", "tok", "\"\"", "1",
    ];

    private static readonly string[] Targets = ["/orders?id=7", "/", "/a%2Fb?id=%zz&id", "/?", "//x/../y?id=a+b", "/%c3%a9?%ff=1"];

    private static readonly string[] Values = ["u=1, i", "u=(1 \"a\");x", "u=1,", "", "a  b\t", "caf\u00e9", "u=:AQ=:", "u=%\"\"", "u=@1", "(((", "\"", ",,,"];

    [Fact]
    [Trait("Protocol", "V2")]
    public async Task Two_thousand_malformed_requests_end_as_401_without_an_error_and_without_memory()
    {
        await using Apis apis = await Apis.StartAsync(new VerificationPolicy());
        Dictionary<string, int> codes = new(StringComparer.Ordinal);
        RawHttp[] connections = await Task.WhenAll(apis.OverHttp1.Select(api => RawHttp.ConnectAsync(api.Host.Port)));
        long before = 0;
        for (int seed = 0; seed < Requests; seed++)
        {
            if (seed == WarmUp)
            {
                before = GC.GetTotalMemory(forceFullCollection: true);
            }

            int door = seed % 2;
            RequestDraft draft = Generate(new Draw(seed), apis.OverHttp1[door]);
            RawAnswer answer;
            if (seed % OneInFrames == 0)
            {
                answer = await RawHttp2.SendAsync(apis.OverHttp2Frames[door].Host.Http2Port, draft.ToHttp2Fields(), draft.Body);
            }
            else
            {
                await connections[door].SendAsync(draft.ToHttp1());
                answer = await connections[door].ReadAsync();
            }

            Assert.True(answer is { Status: 401, Code: not null }, $"Seed {seed}: {answer}\n{Encoding.UTF8.GetString(draft.ToHttp1())}");
            codes[answer.Code!] = codes.GetValueOrDefault(answer.Code!) + 1;
        }

        long growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        foreach (RawHttp connection in connections)
        {
            await connection.DisposeAsync();
        }

        Assert.All(apis.OverHttp1, api => Assert.Empty(api.Host.Log.Alarms));
        Assert.All(apis.OverHttp1, api => Assert.Equal(0, api.Host.Calls));
        Assert.True(growth < MaxGrowthBytes, $"{growth} bytes more after {Requests - WarmUp} requests.");

        // A generator that only makes one kind of mistake proves little.
        string[] expected =
        [
            "malformed_signature_input", "malformed_signature", "missing_signature", "unsupported_component", "missing_component", "insufficient_coverage",
            "missing_parameter", "invalid_credential", "unsupported_digest", "digest_mismatch", "created_in_future", "too_old",
        ];
        Assert.DoesNotContain(expected, code => codes.GetValueOrDefault(code) < 3);
    }

    [Fact]
    [Trait("Protocol", "V2")]
    public async Task Bytes_that_are_hardly_HTTP_end_without_an_error_too()
    {
        await using Apis apis = await Apis.StartAsync(new VerificationPolicy());
        Dictionary<int, int> statuses = [];
        for (int seed = 0; seed < Requests / 4; seed++)
        {
            var draw = new Draw(seed);
            Api api = apis.OverHttp1[seed % 2];
            RequestDraft draft = api.Draft("GET", draw.Of(Targets)).With("X-A", "1");
            (draft.Secret, draft.Nonce, draft.Authority) = (Apis.OtherSecret, "n", "api.example");
            string text = Encoding.Latin1.GetString(draft.ToHttp1());
            for (int mutations = draw.Below(4); mutations >= 0; mutations--)
            {
                text = draw.Mutate(text);
            }

            await using RawHttp connection = await RawHttp.ConnectAsync(api.Host.Port);

            // What follows ends a request whose end was lost, and the connection. Ending it from here would be taken for going
            // away, and the answer be lost.
            await connection.SendAsync(text + "\r\n\r\nGET / HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n");
            string answer = await connection.ReadToEndAsync();

            int status = answer.Length == 0 ? 0 : int.Parse(answer.Split(' ')[1]);
            statuses[status] = statuses.GetValueOrDefault(status) + 1;

            // 505 is Kestrel's word for a version it does not speak; a mutated `HTTP/1.1` may ask for one.
            Assert.True(status is 0 or (>= 400 and < 500) or 505, $"Seed {seed}: {answer}\n{text}");
        }

        Assert.All(apis.OverHttp1, api => Assert.Empty(api.Host.Log.Alarms));
        Assert.All(apis.OverHttp1, api => Assert.Equal(0, api.Host.Calls));

        // Kestrel refuses some and the verifier others. Of Kestrel's refusals the network may lose the answer: it closes at once.
        Assert.InRange(statuses.GetValueOrDefault(400) + statuses.GetValueOrDefault(0), 21, Requests);
        Assert.InRange(statuses.GetValueOrDefault(401), 21, Requests);
    }

    // Not one of them can be accepted: the secret is another key's, or the content not that of any digest.
    private static RequestDraft Generate(Draw draw, Api api)
    {
        RequestDraft draft = draw.OneIn(3) ? api.Post() : api.Draft("GET", draw.Of(Targets));
        (draft.Secret, draft.Nonce, draft.Authority) = (Apis.OtherSecret, "n", "api.example");
        switch (draw.Below(7))
        {
            case 0:
                draft.SentInput = Mutate(draw, $"sig1={draft.SignatureParams}");
                break;
            case 1:
                draft.SentSignature = Mutate(draw, $"sig1=:{draft.Mac()}:");
                break;
            case 2:
                draft.SentInput = Clean(draw.Repeat(40, () => draw.Character().ToString()));
                draft.SentSignature = Clean(draw.Repeat(40, () => draw.Character().ToString()));
                break;
            case 3:
                draft = api.Draft("POST", "/pay", "amount=1000"u8.ToArray());
                draft.Nonce = "n";
                draft.With("Content-Digest", Mutate(draw, RequestDraft.DigestOf("amount=1"u8.ToArray())));
                break;
            case 4:
                draft.Parameters = Mutate(draw, $";created={draft.Created.ToUnixTimeSeconds()};keyid=\"{ApiHost.Key}\";expires=1;alg=\"hmac-sha256\"");
                draft.SentSignature = $"sig1=:{Convert.ToBase64String(new byte[32])}:";
                break;
            case 5:
                draft.Created = draft.Created.AddSeconds(draw.Of(-86_400, -301, 6, 3600));
                break;
            default:
                draft.With("X-A", draw.Of(Values)).With("Priority", draw.Of(Values));
                draft.Covered = draw.OneIn(4) ? "" : "\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\" ";
                draft.Covered = (draft.Body is null ? draft.Covered.Replace("\"content-digest\" ", "", StringComparison.Ordinal) : draft.Covered)
                    + draw.Repeat(4, () => draw.Of(Identifiers), " ");
                draft.SentSignature = $"sig1=:{Convert.ToBase64String(new byte[32])}:";
                break;
        }

        if (draw.OneIn(20))
        {
            draft.Signed = false;
            draft.Fields.AddRange(draw.OneIn(2) ? [] : [("Signature-Input", ""), ("Signature", "")]);
        }

        return draft;
    }

    private static string Mutate(Draw draw, string text)
    {
        for (int mutations = draw.Below(3); mutations >= 0; mutations--)
        {
            text = draw.Mutate(text);
        }

        return Clean(text);
    }

    // What the server itself refuses as no HTTP has a test of its own.
    private static string Clean(string text) => text.Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("");
}
