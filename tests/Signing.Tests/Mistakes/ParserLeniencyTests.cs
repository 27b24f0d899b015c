using System.Text;
using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "20")]
public sealed class ParserLeniencyTests(Apis apis, ParserLeniencyTests.GenerousApis generous)
    : MistakeTests(apis), IClassFixture<ParserLeniencyTests.GenerousApis>
{
    private const string Default = "\"@method\" \"@authority\" \"@path\" \"@query\"";

    [Theory]
    [InlineData("sig1=(LIST\t)PARAMS")]
    [InlineData("sig1=(\tLIST)PARAMS")]
    [InlineData("sig1=('@method' '@authority' '@path' '@query')PARAMS")]
    [InlineData("sig1=(LIST)PARAMS,")]
    [InlineData("sig1=(LIST)PARAMS, ")]
    [InlineData(",sig1=(LIST)PARAMS")]
    [InlineData("sig1=(LIST)PARAMS,,x=()")]
    [InlineData("sig1=(LIST)PARAMS garbage")]
    [InlineData("garbage sig1=(LIST)PARAMS")]
    [InlineData("sig1=(LIST)PARAMS;")]
    [InlineData("sig1=(LIST)PARAMS;=1")]
    [InlineData("sig1=(LIST) PARAMS")]
    [InlineData("sig1= (LIST)PARAMS")]
    [InlineData("sig1 =(LIST)PARAMS")]
    [InlineData("sig1=(LIST PARAMS")]
    [InlineData("sig1=LIST)PARAMS")]
    [InlineData("sig1=(LIST))PARAMS")]
    [InlineData("sig1=((LIST))PARAMS")]
    [InlineData("sig1=(LIST \"x)PARAMS")]
    [InlineData("sig1=(LIST \"x")]
    [InlineData("sig1=(LIST \"x\\")]
    [InlineData("sig1=(LIST \"\\x\")PARAMS")]
    [InlineData("sig1=(\"@method\"\"@authority\" \"@path\" \"@query\")PARAMS")]
    [InlineData("sig1=(\"@method\", \"@authority\", \"@path\", \"@query\")PARAMS")]
    [InlineData("sig1=[LIST]PARAMS")]
    [InlineData("sig1=\"(LIST)PARAMS\"")]
    [InlineData("SIG1=(LIST)PARAMS")]
    [InlineData("1sig=(LIST)PARAMS")]
    [InlineData("\"sig1\"=(LIST)PARAMS")]
    [InlineData("=(LIST)PARAMS")]
    [InlineData("(LIST)PARAMS")]
    [InlineData("sig1:(LIST)PARAMS")]
    [InlineData("sig1=(LIST)PARAMS;x=\"caf\u00e9\"")]
    [InlineData("sig1=(LIST)PARAMS;x=\"\t\"")]
    [InlineData("sig1=(LIST)PARAMS;x=:A A=:")]
    [InlineData("sig1=(LIST)PARAMS;x=:A:")]
    [InlineData("sig1=(LIST)PARAMS;x=1.")]
    [InlineData("sig1=(LIST)PARAMS;x=1.2345")]
    [InlineData("sig1=(LIST)PARAMS;x=1234567890123.1")]
    [InlineData("sig1=(LIST)PARAMS;x=?2")]
    [InlineData("sig1=(LIST)PARAMS;x=?")]
    [InlineData("sig1=(LIST)PARAMS;x=()")]
    [InlineData("sig1=(LIST)PARAMS\t;x=1")]
    [InlineData("sig1")]
    [InlineData("sig1=")]
    [InlineData("sig1=tok")]
    [InlineData("{}")]
    [InlineData("\0")]
    [Trait("Protocol", "W3")]
    [Trait("Protocol", "V2")]
    public async Task A_Signature_Input_that_is_not_well_formed_is_refused(string form)
    {
        foreach (Api api in Apis.EachRaw)
        {
            RequestDraft draft = api.Draft();
            draft.SentInput = form
                .Replace("LIST", Default, StringComparison.Ordinal)
                .Replace("PARAMS", draft.SignatureParams[(Default.Length + 2)..], StringComparison.Ordinal);
            draft.SentSignature = $"sig1=:{draft.Mac()}:";
            await api.KeepsOutAsync(() => api.SendAsync(draft), "malformed_signature_input");
            await api.AcceptsAsync(api.Draft());
        }
    }

    [Theory]
    [InlineData("sig1=: MAC:")]
    [InlineData("sig1=:MAC :")]
    [InlineData("sig1=:MA C:")]
    [InlineData("sig1=:MAC")]
    [InlineData("sig1=MAC:")]
    [InlineData("sig1=MAC")]
    [InlineData("sig1=\"MAC\"")]
    [InlineData("sig1=':MAC:'")]
    [InlineData("sig1=:MAC::")]
    [InlineData("sig1=::MAC:")]
    [InlineData("sig1=:MAC=:")]
    [InlineData("sig1=:MAC====:")]
    [InlineData("sig1=:MAC:,")]
    [InlineData(",sig1=:MAC:")]
    [InlineData("sig1=:MAC: x")]
    [InlineData("sig1= :MAC:")]
    [InlineData("sig1=(:MAC:)")]
    [InlineData("sig1=:MAC:;")]
    [InlineData("sig1=:MAC:;x=1;x=1")]
    [InlineData("sig1=:-_-_MAC:")]
    [InlineData("sig1=:HEX:")]
    [InlineData("sig1")]
    [InlineData("sig1=?1")]
    [InlineData("sig1=1")]
    [InlineData("sig1=::")]
    [InlineData(":MAC:")]
    [InlineData("")]
    [Trait("Protocol", "W3")]
    [Trait("Protocol", "V2")]
    public async Task A_Signature_that_is_not_well_formed_is_refused(string form)
    {
        foreach (Api api in Apis.EachRaw)
        {
            RequestDraft draft = api.Draft();
            string mac = draft.Mac();
            draft.SentSignature = form
                .Replace("MA C", mac.Insert(3, " "), StringComparison.Ordinal)
                .Replace("MAC", mac, StringComparison.Ordinal)
                .Replace("HEX", Convert.ToHexString(Convert.FromBase64String(mac)), StringComparison.Ordinal);
            await api.RefusesAsync(draft, "malformed_signature");
            await api.AcceptsAsync(api.Draft());
        }
    }

    [Fact]
    public async Task A_MAC_in_the_alphabet_of_URLs_is_refused()
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft draft = api.Draft();
            while (!draft.Mac().Contains('+', StringComparison.Ordinal) && !draft.Mac().Contains('/', StringComparison.Ordinal))
            {
                draft.Nonce += "n";
            }

            draft.SentSignature = $"sig1=:{draft.Mac().Replace('+', '-').Replace('/', '_')}:";
            await api.RefusesAsync(draft, "malformed_signature");
            draft.SentSignature = null;
            await api.AcceptsAsync(draft);
        }
    }

    [Theory]
    [InlineData(1024 * 1024)]
    [InlineData(SignatureLimits.MaxSignatureInputLength + 1)]
    [Trait("Protocol", "V2")]
    public Task A_Signature_Input_of_any_length_is_refused_without_being_read(int length) =>
        RefuseAsync("too_large", (_, draft) => draft.SentInput = "sig1=(" + string.Join(' ', Enumerable.Repeat("\"a\"", length / 4)) + ")");

    [Theory]
    [InlineData(33)]
    [InlineData(10_000)]
    [Trait("Protocol", "V2")]
    public Task More_components_than_anybody_needs_are_too_many(int count) => RefuseAsync(
        "too_large",
        (_, draft) =>
        {
            draft.Covered = Default + " " + string.Join(' ', Enumerable.Range(0, count - 4).Select(i => $"\"x{i}\""));
            Enumerable.Range(0, count - 4).ToList().ForEach(i => draft.Values[$"\"x{i}\""] = "1");
        });

    [Fact]
    [Trait("Protocol", "V2")]
    public Task More_parameters_than_anybody_needs_are_too_many() =>
        RefuseAsync("too_large", (_, draft) => draft.MoreParameters = string.Concat(Enumerable.Range(0, 14).Select(i => $";x{i}=1")));

    [Fact]
    [Trait("Protocol", "V2")]
    public Task A_key_id_longer_than_any_key_s_is_not_looked_up() =>
        RefuseAsync("too_large", (_, draft) => draft.KeyId = new string('k', SignatureLimits.MaxKeyIdLength + 1));

    [Theory]
    [InlineData(1000, 1000, 0)]
    [InlineData(17, 17, 0)]
    [InlineData(16, 1, 2)]
    [InlineData(16, 16, 2)]
    [InlineData(1000, 1, 0)]
    [Trait("Protocol", "V3")]
    public async Task Labels_with_unknown_key_ids_cost_two_look_ups_at_most(int labels, int lines, int lookUps)
    {
        foreach (Api api in generous.OverHttp1)
        {
            RequestDraft draft = api.Draft();
            draft.Signed = false;
            string[] members = [.. Enumerable.Range(0, labels).Select(i => $"s{i}={draft.SignatureParams.Replace(ApiHost.Key, $"unknown-{i}", StringComparison.Ordinal)}")];
            string[] macs = [.. Enumerable.Range(0, labels).Select(i => $"s{i}=:{draft.Mac()}:")];
            int size = labels / lines;
            for (int line = 0; line < lines; line++)
            {
                draft.With("Signature-Input", string.Join(", ", members.Skip(line * size).Take(size)));
                draft.With("Signature", string.Join(", ", macs.Skip(line * size).Take(size)));
            }

            int before = api.Host.Credentials.LookUps;
            await api.RefusesAsync(draft, lookUps == 0 ? "too_large" : "invalid_credential");
            Assert.Equal(lookUps, api.Host.Credentials.LookUps - before);
            await api.AcceptsAsync(api.Draft());
        }
    }

    [Theory]
    [InlineData(7 * 1024, null)]
    [InlineData(16 * 1024, "too_large")]
    public async Task Spaces_that_mean_nothing_are_read_up_to_the_limit(int spaces, string? code)
    {
        foreach (Api api in generous.OverHttp1)
        {
            RequestDraft draft = api.Draft();
            draft.SentInput = $"sig1=({new string(' ', spaces)}{draft.SignatureParams[1..]}";
            if (code is null)
            {
                await api.AcceptsAsync(draft);
            }
            else
            {
                await api.RefusesAsync(draft, code);
            }
        }
    }

    [Fact]
    [Trait("Protocol", "G7")]
    public async Task A_hundred_digests_of_ten_megabytes_are_refused_before_one_is_computed()
    {
        byte[] body = new byte[10 * 1024 * 1024];
        string digests = string.Join(", ", Enumerable.Range(0, 100).Select(i => $"x{i}=:AAAA:"));
        foreach (Api api in generous.OverHttp1)
        {
            RequestDraft draft = api.Draft("POST", "/pay", body).With("Content-Digest", $"{digests}, {RequestDraft.DigestOf(body)}");
            await api.RefusesAsync(draft, "too_large");
        }

        await RefuseAsync("too_large", (_, draft) => draft.With("Content-Digest", $"{digests}, {RequestDraft.DigestOf([])}"));
    }

    [Fact]
    [Trait("Protocol", "V2")]
    public async Task What_the_server_s_own_limits_stop_never_comes_to_us()
    {
        foreach (Api api in Apis.OverHttp1)
        {
            RequestDraft draft = api.Draft();
            draft.SentInput = "sig1=(" + new string(' ', 1024 * 1024) + ")";
            int calls = api.Host.Calls;
            Assert.Equal(431, (await api.SendAsync(draft)).Status);
            Assert.Equal(calls, api.Host.Calls);
            Assert.Empty(api.Host.Log.Alarms);
        }
    }

    [Theory]
    [InlineData("\"@query-param\";name=\"kNN\"")]
    [InlineData("\"priority\";key=\"kNN\"")]
    [Trait("Protocol", "V2")]
    public async Task A_long_text_that_many_components_would_have_parsed_again_is_too_large(string component)
    {
        string[] names = [.. Enumerable.Range(10, 28).Select(number => $"k{number}")];
        string filler = new('a', 6000);
        foreach (Api api in Apis.EachRaw)
        {
            RequestDraft draft = api.Draft("GET", $"/orders?{string.Concat(names.Select(name => name + "=1&"))}{filler}")
                .With("Priority", $"{string.Join(", ", names.Select(name => name + "=1"))}, {filler}=1");
            draft.Covered = $"{Default} {string.Join(' ', names.Select(name => component.Replace("kNN", name, StringComparison.Ordinal)))}";
            draft.SentSignature = $"sig1=:{Convert.ToBase64String(new byte[32])}:";

            await api.RefusesAsync(draft, "too_large");
        }
    }

    [Theory]
    [InlineData("signature of the header")]
    [InlineData("signature of the header, in the trailer too")]
    [InlineData("signature in the trailer alone")]
    [Trait("Protocol", "W5")]
    public async Task A_signature_in_a_trailer_is_none_and_spoils_none(string where)
    {
        foreach (Api api in Apis.OverHttp1)
        {
            RequestDraft draft = api.Draft("POST", "/pay", "amount=1"u8.ToArray()).With("Content-Digest", RequestDraft.DigestOf("amount=1"u8.ToArray()));
            draft.ChunkBytes = 3;
            string trailer = where == "signature of the header" ? "" : $"Signature-Input: sig1={draft.SignatureParams}\r\nSignature: sig1=:{draft.Mac()}:\r\n";
            draft.Signed = where != "signature in the trailer alone";
            byte[] request = [.. draft.ToHttp1()[..^2], .. Encoding.ASCII.GetBytes(trailer + "\r\n")];

            RawAnswer answer = await api.Host.SendAsync(request);

            Assert.Equal(draft.Signed ? (200, null) : (401, "missing_signature"), (answer.Status, answer.Code));
        }
    }

    private async Task RefuseAsync(string code, Action<Api, RequestDraft> change)
    {
        foreach (Api api in generous.OverHttp1)
        {
            RequestDraft draft = api.Draft();
            change(api, draft);
            int lookUps = api.Host.Credentials.LookUps;
            await api.RefusesAsync(draft, code);

            // A digest is judged after the MAC; everything else before any key.
            Assert.Equal(draft.Fields.Count > 0 ? 1 : 0, api.Host.Credentials.LookUps - lookUps);
            await api.AcceptsAsync(api.Draft());
        }
    }

    /// <summary>APIs whose server lets almost everything through, so that what holds are our own limits.</summary>
    public sealed class GenerousApis() : Apis(new ApiHostSettings
    {
        Kestrel = kestrel =>
        {
            kestrel.Limits.MaxRequestBufferSize = 8 * 1024 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 4 * 1024 * 1024;
            kestrel.Limits.MaxRequestHeaderCount = 20_000;
        },
        Signature = options => options.Body.MaxBytes = 16 * 1024 * 1024,
    });
}
