using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "1")]
public sealed class MacOfAnotherMessageTests(Apis apis) : MistakeTests(apis)
{
    public static TheoryData<string, Action<RequestDraft>> Changes => new()
    {
        { "method", draft => draft.SignedMethod = "PUT" },
        { "method in another case", draft => draft.SignedMethod = "post" },
        { "authority", draft => draft.SignedAuthority = "127.0.0.1" },
        { "path", draft => draft.SignedTarget = "/paid" },
        { "query", draft => draft.SignedTarget = "/pay?" + draft.Nonce },
        { "digest", draft => draft.Values["\"content-digest\""] = RequestDraft.DigestOf("amount=1000"u8.ToArray()) },
        { "field", draft => draft.Values["\"content-type\""] = "text/html" },
        { "empty base", draft => draft.SentSignature = $"sig1=:{Mac(draft, "")}:" },
        { "base without its last line", draft => draft.SentSignature = $"sig1=:{Mac(draft, draft.SignatureBase()[..draft.SignatureBase().LastIndexOf('\n')])}:" },
        { "base with a newline too many", draft => draft.SentSignature = $"sig1=:{Mac(draft, draft.SignatureBase() + "\n")}:" },
        { "base with CRLF", draft => draft.SentSignature = $"sig1=:{Mac(draft, draft.SignatureBase().Replace("\n", "\r\n", StringComparison.Ordinal))}:" },
        { "base with sorted lines", draft => draft.SentSignature = $"sig1=:{Mac(draft, Sorted(draft.SignatureBase()))}:" },
        { "base with the label", draft => draft.SentSignature = $"sig1=:{Mac(draft, draft.SignatureBase().Replace(": (", ": sig1=(", StringComparison.Ordinal))}:" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    [Trait("Protocol", "B1")]
    [Trait("Protocol", "B2")]
    [Trait("Protocol", "B3")]
    [Trait("Protocol", "B4")]
    public Task A_MAC_over_anything_else_than_this_message_is_refused(string what, Action<RequestDraft> change)
    {
        Assert.NotEmpty(what);
        return ProveAsync("invalid_credential", change, api => api.Post().With("Content-Type", "text/plain"));
    }

    [Theory]
    [InlineData(";created=", ";created=1")]
    [InlineData(";keyid=", ";x=1;keyid=")]
    [InlineData(";nonce=\"", ";nonce=\"0")]
    [InlineData("\"@path\" \"@query\"", "\"@query\" \"@path\"")]
    [Trait("Protocol", "P2")]
    public Task Covered_components_and_parameters_are_signed_as_they_stand(string signed, string sent) => ProveAsync(
        "invalid_credential",
        draft =>
        {
            // The time changes by a second, since one digit more would be another century.
            string changed = signed == ";created=" ? draft.SignatureParams.Replace(Seconds(draft.Created), Seconds(draft.Created.AddSeconds(-1)), StringComparison.Ordinal)
                : draft.SignatureParams.Replace(signed, sent, StringComparison.Ordinal);
            Assert.NotEqual(draft.SignatureParams, changed);
            draft.SentInput = $"sig1={changed}";
        });

    [Fact]
    public async Task A_MAC_with_any_single_bit_flipped_is_refused()
    {
        Api api = Apis.OverHttp1[1];
        for (int bit = 0; bit < 256; bit++)
        {
            RequestDraft draft = api.Draft();
            byte[] mac = Convert.FromBase64String(draft.Mac());
            mac[bit / 8] ^= (byte)(1 << (bit % 8));
            draft.SentSignature = $"sig1=:{Convert.ToBase64String(mac)}:";
            await api.RefusesAsync(draft, "invalid_credential");
        }

        await api.AcceptsAsync(api.Draft());
    }

    [Fact]
    [Trait("Protocol", "B1")]
    [Trait("Protocol", "B4")]
    public async Task The_MAC_that_RFC_9421_B_2_5_prints_is_accepted_over_the_wire()
    {
        // Its key id and secret are those of RFC 9421 §B.1.5.
        const string KeyId = "test-shared-secret";
        const string Secret = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Signature = options => options.Policy = new VerificationPolicy { RequiredComponents = ["date", "@authority", "content-type"], CoveredIfPresent = [] },
            Clock = new ManualTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1618884463)),
        });
        host.Credentials.Set(new Credential(KeyId, new CredentialSecret(new SigningKey(KeyId, Convert.FromBase64String(Secret)))));
        const string Request =
            """
            POST /foo?param=Value&Pet=dog HTTP/1.1
            Host: example.com
            Date: Tue, 20 Apr 2021 02:07:55 GMT
            Content-Type: application/json
            Content-Length: 0
            Signature-Input: sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"
            Signature: sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:


            """;

        RawAnswer right = await SendAsync(host, Request);
        RawAnswer wrong = await SendAsync(host, Request.Replace("02:07:55", "02:07:56", StringComparison.Ordinal));

        Assert.Equal((200, KeyId), (right.Status, right.User));
        Assert.Equal((401, "invalid_credential"), (wrong.Status, wrong.Code));
    }

    private static Task<RawAnswer> SendAsync(ApiHost host, string request) => host.SendAsync(request.ReplaceLineEndings("\r\n"));

    private static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string Sorted(string text) => string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal));

    private static string Mac(RequestDraft draft, string text) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(draft.Secret), Encoding.UTF8.GetBytes(text)));
}
