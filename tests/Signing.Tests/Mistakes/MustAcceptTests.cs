using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

/// <summary>The twins of the mistakes: what a strict verifier must not refuse, since it would lose its users.</summary>
[Trait("Mistake", "must-accept")]
public sealed class MustAcceptTests(Apis apis) : MistakeTests(apis)
{
    private const string Default = "\"@method\" \"@authority\" \"@path\" \"@query\"";

    [Theory]
    [InlineData("sig1=(  LIST)PARAMS")]
    [InlineData("sig1=(LIST   )PARAMS")]
    [InlineData("sig1=(LIST)PARAMS   ")]
    [InlineData("   sig1=(LIST)PARAMS")]
    [InlineData("\tsig1=(LIST)PARAMS\t")]
    [InlineData("sig1=(\"@method\"   \"@authority\"  \"@path\" \"@query\")PARAMS")]
    [InlineData("sig1=(LIST)SPACED")]
    [Trait("Protocol", "B2")]
    public Task Spaces_that_mean_nothing(string form) => AcceptAsync(draft => draft.SentInput = form
        .Replace("LIST", Default, StringComparison.Ordinal)
        .Replace("PARAMS", Parameters(draft), StringComparison.Ordinal)
        .Replace("SPACED", Parameters(draft).Replace(";", ";  ", StringComparison.Ordinal), StringComparison.Ordinal));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Protocol", "W2")]
    public Task Two_field_lines_with_another_s_signature(bool otherFirst) => AcceptAsync(
        draft =>
        {
            (string input, string mac) = ($"sig1={draft.SignatureParams}", $"sig1=:{draft.Mac()}:");
            draft.SentInput = otherFirst ? input : "other=()";
            draft.SentSignature = otherFirst ? mac : "other=:AAAA:";
            draft.With("Signature-Input", otherFirst ? "other=()" : input).With("Signature", otherFirst ? "other=:AAAA:" : mac);
        },
        Apis.EachRaw);

    [Theory]
    [InlineData(",")]
    [InlineData(", ")]
    [InlineData(" ,\t ")]
    [Trait("Protocol", "W2")]
    public Task Two_field_lines_that_a_proxy_has_joined(string comma) => AcceptAsync(
        draft =>
        {
            draft.SentInput = $"other=(){comma}sig1={draft.SignatureParams}";
            draft.SentSignature = $"sig1=:{draft.Mac()}:{comma}other=:AAAA:";
        });

    [Fact]
    [Trait("Protocol", "F2")]
    public Task An_empty_field() => AcceptAsync(
        draft =>
        {
            draft.With("X-Empty", "");
            draft.Covered = Default + " \"x-empty\"";
        });

    [Fact]
    [Trait("Protocol", "F1")]
    public Task A_field_with_white_space_around_it() => AcceptAsync(
        draft =>
        {
            draft.With("X-A", " \t a  b \t ");
            draft.Covered = Default + " \"x-a\"";
            draft.Values["\"x-a\""] = "a  b";
        },
        Apis.OverHttp1);

    [Theory]
    [InlineData("EXAMPLE.com:80", "example.com")]
    [InlineData("Example.COM", "example.com")]
    [InlineData("example.com:8080", "example.com:8080")]
    [InlineData("example.com.", "example.com.")]
    [InlineData("[::1]:8080", "[::1]:8080")]
    [InlineData("[::1]:80", "[::1]")]
    [InlineData("[2001:DB8::1]", "[2001:db8::1]")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    public Task An_authority_in_any_spelling(string sent, string signed) =>
        AcceptAsync(draft => (draft.Authority, draft.SignedAuthority) = (sent, signed), Apis.EachRaw);

    [Theory]
    [InlineData("https://EXAMPLE.com:443")]
    [InlineData("https://example.com")]
    [InlineData("https://example.com/")]
    public async Task A_public_origin_with_the_default_port_of_https(string origin)
    {
        await using Apis own = await Apis.StartAsync(new ApiHostSettings { Signature = options => options.PublicOrigin = new Uri(origin) });
        foreach (Api api in own.Each)
        {
            RequestDraft draft = api.Draft();
            draft.Covered = Default + " \"@scheme\" \"@target-uri\"";
            (draft.SignedAuthority, draft.Values["\"@scheme\""], draft.Values["\"@target-uri\""]) = ("example.com", "https", "https://example.com/orders?id=7");
            await api.AcceptsAsync(draft);
        }
    }

    [Theory]
    [InlineData("/orders", "/orders", "?")]
    [InlineData("/orders?", "/orders", "?")]
    [InlineData("/?", "/", "?")]
    [InlineData("/", "/", "?")]
    [InlineData("/orders??", "/orders", "??")]
    [InlineData("/orders?a?b=/c", "/orders", "?a?b=/c")]
    [InlineData("/a%2Fb%2fc%20~%7E?d=%2B+%20", "/a%2Fb%2fc%20~%7E", "?d=%2B+%20")]
    [InlineData("/%7Efoo/|\"<>^`{}\\", "/%7Efoo/|\"<>^`{}\\", "?")]
    public Task A_path_and_query_untouched(string target, string path, string query) => AcceptAsync(
        draft =>
        {
            draft.Target = target;
            (draft.Values["\"@path\""], draft.Values["\"@query\""]) = (path, query);
        },
        Apis.EachRaw);

    [Theory]
    [InlineData("get")]
    [InlineData("Post")]
    [InlineData("PATCH")]
    [InlineData("QUERY")]
    [InlineData("X-CUSTOM!")]
    public Task A_method_in_any_case(string method) => AcceptAsync(draft => draft.Method = method, Apis.EachRaw);

    [Fact]
    [Trait("Protocol", "C7")]
    public Task The_absolute_form() => AcceptAsync(
        draft =>
        {
            draft.SignedTarget = draft.Target;
            draft.Target = $"http://{draft.Authority}{draft.Target}";
        },
        Apis.OverHttp1);

    [Theory]
    [InlineData(";x")]
    [InlineData(";x=1;y=\"z\"")]
    [InlineData(";x=tok;y=:AQ==:;z=1.5")]
    [InlineData(";x=?0")]
    [Trait("Protocol", "P3")]
    public Task A_parameter_that_nobody_knows(string parameter) => AcceptAsync(draft => draft.MoreParameters = parameter);

    [Fact]
    [Trait("Protocol", "P3")]
    public async Task Unless_the_policy_refuses_it()
    {
        await using Apis own = await Apis.StartAsync(new VerificationPolicy { RefuseUnknownParameters = true });
        foreach (Api api in own.Each)
        {
            RequestDraft draft = api.Draft();
            draft.MoreParameters = ";x=1";
            await api.RefusesAsync(draft, "malformed_signature_input");
            await api.AcceptsAsync(api.Draft());
        }
    }

    [Theory]
    [InlineData("{keyid}{nonce}{created}")]
    [InlineData(";x=1{nonce};y=2{created}{keyid}")]
    [Trait("Protocol", "P2")]
    public Task Parameters_in_the_signer_s_order(string order) => AcceptAsync(draft => draft.Parameters = order
        .Replace("{created}", $";created={draft.Created.ToUnixTimeSeconds()}", StringComparison.Ordinal)
        .Replace("{keyid}", $";keyid=\"{ApiHost.Key}\"", StringComparison.Ordinal)
        .Replace("{nonce}", $";nonce=\"{draft.Nonce}\"", StringComparison.Ordinal));

    [Theory]
    [InlineData("\"@query\" \"@path\" \"@authority\" \"@method\"")]
    [InlineData("\"@target-uri\" \"@method\"")]
    [Trait("Protocol", "B3")]
    public Task Components_in_the_signer_s_order(string covered) => AcceptAsync(draft => draft.Covered = covered);

    [Theory]
    [InlineData("a\\\"b\\\\c")]
    [InlineData(" !#$%&'()*+,-./:;<=>?@[]^_`{|}~")]
    public Task A_nonce_with_escapes(string nonce) => AcceptAsync(draft => draft.Nonce = nonce + draft.Nonce);

    [Fact]
    public Task An_empty_nonce() => AcceptAsync(draft => (draft.Nonce, draft.Target) = ("", "/" + Guid.NewGuid()));

    [Fact]
    public async Task A_key_id_with_escapes()
    {
        const string Escaped = "a\\\"b\\\\c";
        const string KeyId = "a\"b\\c";
        foreach (Api api in Apis.Each)
        {
            api.Host.Credentials.Set(new AspNetCore.Credential(KeyId, new AspNetCore.CredentialSecret(new SigningKey(KeyId, ApiHost.Secret))));
            RequestDraft draft = api.Draft();
            draft.KeyId = Escaped;
            await api.AcceptsAsync(draft, KeyId);
        }
    }

    [Fact]
    [Trait("Protocol", "W3")]
    public Task A_MAC_without_padding() => AcceptAsync(draft => draft.SentSignature = $"sig1=:{draft.Mac().TrimEnd('=')}:");

    [Theory]
    [InlineData(";x")]
    [InlineData(";x=1; y=\"z\"")]
    [Trait("Protocol", "W3")]
    public Task A_parameter_on_the_MAC(string parameter) => AcceptAsync(draft => draft.SentSignature = $"sig1=:{draft.Mac()}:{parameter}");

    [Theory]
    [InlineData("a")]
    [InlineData("*")]
    [InlineData("sig-b25")]
    [InlineData("x.y_z*-9")]
    [Trait("Protocol", "W6")]
    public Task A_label_of_any_name(string label) => AcceptAsync(draft => draft.Label = label);

    [Fact]
    public Task The_algorithm_by_its_name() => AcceptAsync(draft => draft.MoreParameters = ";alg=\"hmac-sha256\"");

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    [Trait("Protocol", "G5")]
    public Task An_empty_body_with_its_digest(int? chunk) => AcceptAsync(draft => (draft.Method, draft.Body, draft.ChunkBytes) = ("POST", [], chunk));

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public Task An_empty_body_without_a_digest(int? chunk) => AcceptAsync(draft => (draft.Method, draft.Body, draft.ChunkBytes, draft.WithDigest) = ("POST", [], chunk, false));

    [Fact]
    [Trait("Protocol", "G5")]
    public Task No_body_with_the_digest_of_nothing() => AcceptAsync(draft => draft.With("Content-Digest", RequestDraft.DigestOf([])));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(null)]
    public Task A_body_in_pieces_of_any_size(int? chunk) => AcceptAsync(
        draft => (draft.Method, draft.Body, draft.ChunkBytes) = ("PUT", [.. Enumerable.Range(0, 256).Select(i => (byte)i)], chunk));

    private async Task AcceptAsync(Action<RequestDraft> change, IReadOnlyList<Api>? some = null)
    {
        foreach (Api api in some ?? Apis.Each)
        {
            RequestDraft draft = api.Draft();
            change(draft);
            await api.AcceptsAsync(draft);
        }
    }

    private static string Parameters(RequestDraft draft) => draft.SignatureParams[(Default.Length + 2)..];
}
