using System.Text;
using Signing.Tests.Reference;

namespace Signing.Tests.Fuzz;

/// <summary>Draws a request, signs it under one to three labels, and changes it in none to three places.</summary>
public sealed class SignedRequest(Draw draw)
{
    public const long Now = 1618884475;

    private static readonly string[] Methods = ["GET", "POST", "get", "DELETE", "OPTIONS", "CONNECT", "M-SEARCH"];
    private static readonly string[] Authorities = ["api.example.com", "API.Example.COM:443", "h:80", "h:", "[2001:DB8::1]", "[::1]:8443", "h:8443", "h.", "", "u@h", "a:b", "h/x", "127.0.0.1:443"];
    private static readonly string[] Targets =
        ["/", "/orders?page=2", "/a%2Fb/../c?q=%41&q=2", "/?", "/p??", "//evil/p", "/x?a=1&b=%C3%A7&c=+%20&=e&f", "/x?a=%FF&b=1", "/x?a=%zz&%61=2", "/x?b=~!*'()", "*", "h:80", "https://API.example.com/x?a=1", "HTTP://h:80?b", "https://h", "ht tp://h/", "://h/", "http://u@h/", "/p#f", "/é", ""];
    private static readonly string[] Names = ["x-a", "x-b", "priority", "priority", "content-type", "cache-status", "client-cert", "accept", "authorization", "@method", "host"];
    private static readonly string[] Identifiers =
        ["\"@scheme\"", "\"@target-uri\"", "\"@request-target\"", "\"@query-param\";name=\"a\"", "\"@query-param\";name=\"b\"", "\"@query-param\";name=\"c\"", "\"@query-param\";name=\"\"", "\"x-a\"", "\"x-b\"", "\"x-a\";bs", "\"priority\"", "\"priority\";sf", "\"priority\";key=\"u\"", "\"priority\";sf;key=\"u\"", "\"priority\";key=\"u\";sf", "\"priority\";key=\"i\"", "\"priority\";bs", "\"cache-status\";sf", "\"client-cert\";sf", "\"accept\"", "\"content-type\"", "\"authorization\"", "\"content-digest\"", "\"host\""];
    private static readonly string[] OddIdentifiers =
        ["\"@method\";req", "\"content-digest\";tr", "\"@status\"", "\"@signature-params\"", "\"X-A\"", "\"x-a\";sf", "\"x-a\";bs=?0", "\"x-a\";bs;bs", "\"cache-status\";key=\"a\"", "\"@query-param\"", "\"@query-param\";name=a", "\"priority\";key=\"u\";key=\"i\"", "\"priority\";x;x", "tok", "tok;a", "1", "\"\"", "\"@path\";sf", "\"x-absent\"", "\"priority\";sf;bs", "\"@path\"", "\"@nonsense\";x", "\"x y\"", "\"x-a\";bs=:AQI=:", "\"priority\";key=\"\\\"\""];

    public static IReadOnlyList<ReferenceKey> Keys { get; } =
    [
        new("k1", Encoding.ASCII.GetBytes("the-first-secret-of-k1")),
        new("k1", Encoding.ASCII.GetBytes("the-second-secret-of-k1")),
        new("k\"2\\", Encoding.ASCII.GetBytes("the-only-secret-of-k2")),
    ];

    public ReferenceRequest Generate()
    {
        var request = Plain();
        var lines = Enumerable.Range(0, draw.OneIn(3) ? draw.Below(3) + 1 : 1).Select(index => Sign(request, draw.OneIn(15) ? "s0" : $"s{index}")).ToList();
        var joined = draw.OneIn(2);
        request = joined
            ? request.With("Signature-Input", Join(lines.Select(line => line.Input))).With("Signature", Join(lines.Select(line => line.Signature)))
            : request.With("Signature-Input", lines.Select(line => line.Input)).With("Signature", lines.Select(line => line.Signature));
        while (draw.OneIn(4))
        {
            request = Change(request);
        }

        return request;
    }

    private ReferenceRequest Plain()
    {
        var content = Encoding.ASCII.GetBytes(draw.OneIn(2) ? "" : "{\"hello\": \"world\"}");
        var request = new ReferenceRequest(Pick(Methods), draw.Of("https", "https", "http", "HTTPS"), Pick(Authorities), Pick(Targets), [], content);
        for (var count = draw.Below(5); count > 0; count--)
        {
            var name = Pick(Names);
            request = request.With(draw.OneIn(4) ? name.ToUpperInvariant() : name, FieldValue(name));
        }

        if (content.Length == 0 ? draw.OneIn(8) : !draw.OneIn(8))
        {
            request = request.With("Content-Digest", DigestValue(content));
        }

        return request;
    }

    // Most often the first of the list, which nothing is wrong with.
    private string Pick(string[] choices) => draw.OneIn(4) ? choices[draw.Below(choices.Length)] : choices[0];

    private string FieldValue(string name)
    {
        var text = new StructuredText(draw);
        var value = name switch
        {
            "priority" => draw.OneIn(3) ? text.Dictionary() : draw.Of("u=1", "u=1, i", " u=1 ,i;x=1.50", "i=?0,u=3;q", "u=1,u=2", "u=(a  b);c"),
            "cache-status" => draw.OneIn(3) ? text.List() : draw.Of("a", "a;hit, (b  c);d", "a;x;x"),
            "client-cert" => draw.OneIn(3) ? text.Item() : draw.Of(":AQI=:", " :AQI: ", ""),
            _ when draw.OneIn(2) => draw.Of("1", "a, b", "  padded \t", "rm  -rf"),
            _ => draw.Of("a\tb", "a\r\n b", "a \t\r\n\t b", "a\r\nb", "a\nb", "a\n b", "café", "", "x\u007f", "a\r\n ", "\r\n b", "a\r\n \r\n b"),
        };
        return draw.MutateSometimes(value, 8);
    }

    private string DigestValue(byte[] content)
    {
        var value = draw.Below(6) switch
        {
            0 => ReferenceDigest.Field("sha-512", content),
            1 => $"{ReferenceDigest.Field("sha-256", content)}, {ReferenceDigest.Field("sha-512", content)}",
            2 => $"md5=:AQID:,{ReferenceDigest.Field("sha-256", content)};x",
            _ => ReferenceDigest.Field("sha-256", content),
        };
        return draw.MutateSometimes(value, 8);
    }

    private (string Input, string Signature) Sign(ReferenceRequest request, string label)
    {
        var input = $"({draw.Spaces("").Replace('\t', ' ')}{string.Join(draw.OneIn(6) ? "  " : " ", Components(request))}{(draw.OneIn(8) ? " " : "")}){Parameters()}";
        var mac = Mac(request, label, input);
        var signature = draw.OneIn(20) ? draw.Of("::", "\"x\"", ":AQID:", "(:AQID:)", "tok", "?1") : $":{mac}:";
        return ($"{label}={input}", $"{(draw.OneIn(30) ? "s0" : label)}={signature}{(draw.OneIn(20) ? draw.Of(";p", ";p=1;q", ";p;p", ";p;") : "")}");
    }

    private List<string> Components(ReferenceRequest request)
    {
        List<string> components = ["\"@method\"", "\"@authority\"", "\"@path\"", "\"@query\""];
        components.AddRange(new[] { "content-digest", "content-type", "authorization" }.Where(request.Has).Select(name => $"\"{name}\""));
        if (request.Target is "*" or "h:80")
        {
            components.Add("\"@request-target\"");
        }

        if (draw.OneIn(10))
        {
            components.RemoveAt(draw.Below(components.Count));
        }

        for (var count = draw.Below(4); count > 0; count--)
        {
            components.Insert(draw.Below(components.Count + 1), draw.OneIn(25) ? OddIdentifiers[draw.Below(OddIdentifiers.Length)] : Identifiers[draw.Below(Identifiers.Length)]);
        }

        return draw.OneIn(12) ? components : components.Distinct(StringComparer.Ordinal).ToList();
    }

    private string Parameters()
    {
        var created = Now - (draw.OneIn(8) ? draw.Of(301, 300, -5, -6, 86400, 0) : draw.Below(100));
        var parameters = new List<string> { $"created={created}", draw.OneIn(12) ? "keyid=\"k3\"" : draw.Of("keyid=\"k1\"", "keyid=\"k\\\"2\\\\\"") };
        if (draw.OneIn(4))
        {
            parameters.Add($"expires={(draw.OneIn(3) ? draw.Of(created, created - 1, created + 3600, created + 3601, Now - 5, Now - 6) : Now + 60)}");
        }

        while (draw.OneIn(3))
        {
            parameters.Add(draw.Of("tag=\"t\"", "nonce=\"n\"", "alg=\"hmac-sha256\"", "alg=\"ed25519\"", "tag=\"t\"", "x", "x=1.50", "x=-0", "x=:AQI:", "x=@1", "x=%\"a\"", "nonce=5", "alg=tok", "created=1", "keyid=\"k1\"", "x=?0", "x=tok", "tag=t"));
        }

        if (draw.OneIn(6))
        {
            parameters.Reverse();
        }

        if (draw.OneIn(20))
        {
            parameters.RemoveAt(draw.Below(parameters.Count));
        }

        return string.Concat(parameters.Select(parameter => (draw.OneIn(8) ? "; " : ";") + parameter));
    }

    // Where there is no base to sign, any MAC will do.
    private string Mac(ReferenceRequest request, string label, string input)
    {
        try
        {
            var member = SfParser.Parse(input, SfFieldType.List).List!.Single();
            var signatureBase = ReferenceBase.Build(request, new ReferenceSignature(label, member), RegisteredFields.Types);
            var keyId = ((SfInnerList)member).Parameters.Where(parameter => parameter.Key == "keyid").Select(parameter => parameter.Value.Value).FirstOrDefault();
            var keys = Keys.Where(key => keyId is string text && key.KeyId == text).ToList();
            return ReferenceBase64.Encode(ReferenceHmac.Compute(keys.Count == 0 ? [1, 2, 3] : keys[draw.Below(keys.Count)].Secret, Encoding.ASCII.GetBytes(signatureBase)));
        }
        catch (Exception exception) when (exception is RefusalException or FormatException)
        {
            return ReferenceBase64.Encode(new byte[32]);
        }
    }

    private string Join(IEnumerable<string> lines) => string.Join(draw.OneIn(4) ? "\t, " : ", ", lines);

    private ReferenceRequest Change(ReferenceRequest request)
    {
        switch (request.Fields.Count == 0 ? 0 : draw.Below(9))
        {
            case 0:
                return request with { Method = draw.Mutate(request.Method) };
            case 1:
                return request with { Target = draw.Mutate(request.Target) };
            case 2:
                return request with { Authority = draw.Mutate(request.Authority) };
            case 3:
                return request with { Body = draw.OneIn(2) ? [] : [.. request.Body, 0] };
            default:
                var fields = request.Fields.ToList();
                var at = draw.Below(fields.Count);
                switch (draw.Below(8))
                {
                    case 0:
                        fields.RemoveAt(at);
                        break;
                    case 1:
                        fields.Insert(draw.Below(fields.Count + 1), fields[at]);
                        break;
                    default:
                        fields[at] = KeyValuePair.Create(fields[at].Key, draw.Mutate(fields[at].Value));
                        break;
                }

                return request with { Fields = fields };
        }
    }
}
