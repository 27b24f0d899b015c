using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Signing.AspNetCore;
using Signing.Client;

namespace Signing.Tests.Fuzz;

/// <summary>What a request asks for and what an answer says are read, or not, and never break the other side.</summary>
public sealed class WishFuzzTests
{
    private const string Everything = "\"@status\" \"@method\";req \"@authority\";req \"@path\";req \"@query\";req";

    private static readonly string[] Components =
        ["\"@status\"", "\"@method\";req", "\"@path\"", "\"etag\"", "\"x\";key=\"a\"", "\"x\";sf", "\"signature\"", "\"signature\";req;key=\"sig\"", "\"@query-param\";name=\"a\";req", "\"\"", "tok", "\"A\"", "\"x\";bs;tr"];

    private static readonly string[] Parameters =
        [";created", ";created=1618884473", ";expires", ";expires=99999999999999", ";keyid=\"k\"", ";keyid=1", ";alg=\"hmac-sha256\"", ";nonce=\"n\"", ";tag=\"signing-presigned\"", ";tag=\"a\\\"b\"", ";x", ";created=-1", ";created=253402300799", ";created=253402300800"];

    [Fact]
    public void Whatever_a_request_asks_of_its_response_is_met_or_left_out()
    {
        var policy = new SigningPolicy(MessageKind.Response);
        int met = 0;
        int exact = 0;
        for (int seed = 0; seed < 10_000; seed++)
        {
            string text = Wish(new Draw(seed));
            foreach (AskedSignature asked in Read(seed, text, policy).Members)
            {
                met++;
                SigningPolicy wider = asked.Wider.Policy;
                Assert.True(policy.Components.All(wider.Components.Contains), $"seed {seed}: {text}");
                Assert.True(policy.CoverIfPresent.All(name => wider.CoverIfPresent.Concat(wider.Components).Contains(name)), $"seed {seed}: {text}");
                Assert.True(wider.CoverRequestSignature && wider.Tag != "signing-presigned" && !IsAsked(text, wider.Label), $"seed {seed}: {text}");
                if (asked.Exact?.Policy is { } own)
                {
                    exact++;
                    Assert.True(policy.Components.All(own.Components.Contains) && own.CoverIfPresent.Count == 0 && !own.CoverRequestSignature && own.Tag == wider.Tag, $"seed {seed}: {text}");
                    Assert.True(IsAsked(text, own.Label), $"seed {seed}: {text}");
                }
            }
        }

        Assert.InRange(met, 500, 50_000);
        Assert.InRange(exact, 500, met);
    }

    [Fact]
    public void Whatever_signature_a_request_has_can_be_diagnosed()
    {
        int read = 0;
        for (int seed = 0; seed < 10_000; seed++)
        {
            var draw = new Draw(seed);
            var context = new DefaultHttpContext();
            context.Features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = "GET", Scheme = "http", RawTarget = draw.MutateSometimes(draw.Of("/a?b=c", "*", "http://h/p"), 8), Headers = context.Request.Headers });
            context.Request.Headers.Host = draw.MutateSometimes("api.example.com:8080", 8);
            context.Request.Headers["priority"] = draw.MutateSometimes("u=1, i=\"c: d\"", 6);
            string others = draw.OneIn(2) ? "" : Wish(draw) + ", ";
            string input = draw.MutateSometimes($"{others}sig=(\"@method\" {draw.Of("\"priority\";key=\"i\"", "\"priority\"", "\"@query-param\";name=\"b\"")});created=1618884473;keyid=\"a\\\"b: \\\\\"", 6);
            context.Request.Headers["Signature-Input"] = input;
            context.Request.Headers["Signature"] = draw.MutateSometimes($"sig=:{Convert.ToBase64String(new byte[32])}:", 6);
            try
            {
                ReadableSignature? found = ReadableSignature.Find(context, new SignatureOptions());
                var shown = new ShownSignatureBase(new VerificationPolicy(), new TokenDoors(NoServices.Instance, []), isDevelopment: false);
                read += found?.SignatureBase is { } text && shown.Of(text).Length > 0 ? 1 : 0;
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}: {exception}\n{input}");
            }
        }

        Assert.InRange(read, 50, 9_000);
    }

    [Fact]
    public void Whatever_a_refusal_says_is_read_or_left_alone()
    {
        for (int seed = 0; seed < 10_000; seed++)
        {
            var draw = new Draw(seed);
            using var response = new HttpResponseMessage();
            response.Headers.TryAddWithoutValidation("WWW-Authenticate", draw.MutateSometimes("Signature realm=\"a, error=\\\"x\", error=\"too_old\", Bearer error=\"x\"", 2));
            response.Headers.TryAddWithoutValidation("Accept-Signature", Wish(draw));
            byte[] problem = System.Text.Encoding.UTF8.GetBytes(draw.MutateSometimes("{\"a\":[1,{\"b\":\"\\u00e9\"}],\"signature_base\":\"c\\n\"}", 2));
            try
            {
                _ = Refusal.CodeOf(response);
                _ = AcceptedComponents.Read(response, "a\"b");
                _ = ProblemMember.Find(problem, "signature_base");
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}: {exception}");
            }
        }
    }

    private static AskedSignatures Read(int seed, string text, SigningPolicy policy)
    {
        try
        {
            return AskedSignatures.Read(text, new MessageSigner(policy));
        }
        catch (Exception exception)
        {
            Assert.Fail($"seed {seed}: {exception}\n{text}");
            throw;
        }
    }

    private static bool IsAsked(string text, string label) => $",{text}".Replace(" ", "", StringComparison.Ordinal).Replace("\t", "", StringComparison.Ordinal).Contains($",{label}=(", StringComparison.Ordinal);

    private static string Wish(Draw draw) => draw.OneIn(5)
        ? draw.MutateSometimes(new StructuredText(draw).Dictionary(), 2)
        : draw.MutateSometimes(draw.Repeat(3, () => $"{draw.Of("sig", "a", "*", "sig2")}=({(draw.OneIn(3) ? Everything + " " : "")}{draw.Repeat(4, () => draw.Of<string>(Components), " ")}){draw.Repeat(3, () => draw.Of<string>(Parameters))}", ", "), 6);

    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
