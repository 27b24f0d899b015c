using System.Security.Cryptography;
using System.Text;

namespace Signing.Tests.Diagnosis;

/// <summary>A signer that was written by hand, in any language, and signs almost what it should is told its slip.</summary>
public sealed class HandWrittenSignerTests
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes(MismatchCases.Secret);

    private static readonly Dictionary<string, (Func<string, string> Slip, string Said)> Slips = new()
    {
        ["a newline at the end"] = (static text => text + "\n", "newline"),
        ["CR LF"] = (static text => text.Replace("\n", "\r\n"), "CR LF"),
        ["the last line left out"] = (static text => text[..text.LastIndexOf('\n')], "leaves it out"),
        ["the last line left out, with its newline"] = (static text => text[..(text.LastIndexOf('\n') + 1)], "leaves it out"),
        ["the label"] = (static text => text.Replace("\"@signature-params\": ", "\"@signature-params\": sig="), "the label before the list"),
        ["the list alone"] = (static text => text[..(text.IndexOf(')') + 1)], "without its parameters"),
        ["the last name without quotes"] = (static text => text.Replace("\"@signature-params\"", "@signature-params"), "its name without quotes"),
        ["all names without quotes"] = (static text => Lines(text, static line => line.Replace("\"", "")).Replace("\"@signature-params\"", "@signature-params"), "components without quotes"),
        ["the names but the last without quotes"] = (static text => Lines(text, static line => line.Replace("\"", "")), "components without quotes"),
        ["no space"] = (static text => text.Replace("\": ", "\":"), "no space"),
        ["capitals"] = (static text => text.Replace("\"content-type\":", "\"Content-Type\":"), "with capitals"),
        ["values alone"] = (static text => Lines(text, static line => line.Split(": ")[1])[..^1].Split("\n\"@sig")[0], "the values alone"),
        ["hashed first"] = (static text => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))).ToLowerInvariant(), "the SHA-256 of the signature base"),
        ["lines sorted"] = (static text => string.Join('\n', [.. text.Split('\n')[..^1].Order(StringComparer.Ordinal), text.Split('\n')[^1]]), "lines in another order"),
        ["parameters in another order"] = (static text => text.Replace($";keyid=\"{MismatchCase.KeyId}\"", "") + $";keyid=\"{MismatchCase.KeyId}\"", "parameters in another order"),
        ["alg not signed"] = (static text => text.Replace(";alg=\"hmac-sha256\"", ""), "sends alg and does not sign it"),
        ["the time taken twice"] = (static text => text.Replace($";created={Created}", $";created={Created + 1}"), "takes the time twice"),
        ["the time taken twice, late"] = (static text => text.Replace($";created={Created}", $";created={Created - 2}") + "\n", "takes the time twice"),
    };

    private static readonly Dictionary<string, (Func<byte[], byte[]> Mac, string Said)> Macs = new()
    {
        ["SHA-512"] = (static text => HMACSHA512.HashData(Secret, text), "HMAC-SHA512"),
        ["SHA-384"] = (static text => HMACSHA384.HashData(Secret, text), "HMAC-SHA384"),
#pragma warning disable CA5350 // A weak algorithm, in order to see it refused by name.
        ["SHA-1"] = (static text => HMACSHA1.HashData(Secret, text), "HMAC-SHA1"),
#pragma warning restore CA5350 // Weak algorithm: refused above.
        ["digits"] = (static text => Encoding.ASCII.GetBytes(Convert.ToHexString(HMACSHA256.HashData(Secret, text)).ToLowerInvariant()), "hexadecimal digits"),
        ["capital digits"] = (static text => Encoding.ASCII.GetBytes(Convert.ToHexString(HMACSHA256.HashData(Secret, text))), "hexadecimal digits"),
        ["a line end"] = (static text => [.. HMACSHA256.HashData(Secret, text), (byte)'\n'], "a line end behind it"),
        ["swapped"] = (static text => HMACSHA256.HashData(text, Secret), "the other way round"),
        ["a hash, secret first"] = (static text => SHA256.HashData([.. Secret, .. text]), "SHA-256 of the Secret and the signature base"),
        ["a hash, secret last"] = (static text => SHA256.HashData([.. text, .. Secret]), "SHA-256 of the signature base and the Secret"),
        ["a hash alone"] = (static text => SHA256.HashData(text), "without the Secret"),
        ["cut off"] = (static text => HMACSHA256.HashData(Secret, text)[..16], "another length"),
    };

    public static TheoryData<string> SlipNames => [.. Slips.Keys];

    public static TheoryData<string> MacNames => [.. Macs.Keys];

    private static long Created => MismatchCase.Now.ToUnixTimeSeconds();

    [Theory]
    [MemberData(nameof(SlipNames))]
    public void What_it_signs_instead_of_the_base_is_named(string name)
    {
        (var slip, var said) = Slips[name];
        var sent = Sent();

        var difference = Diagnosed(sent, HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(slip(Base))));

        Assert.Equal(("\"@signature-params\"", MismatchCause.NotNormalized), (difference.Component, difference.Cause));
        Assert.Contains(said, difference.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(MacNames))]
    public void What_it_sends_instead_of_the_MAC_is_named(string name)
    {
        (var mac, var said) = Macs[name];

        var difference = Diagnosed(Sent(), mac(Encoding.UTF8.GetBytes(Base)));

        Assert.Equal(("\"signature\"", MismatchCause.MacOfAnotherAlgorithm), (difference.Component, difference.Cause));
        Assert.Contains(said, difference.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Spaces_that_it_sends_in_the_list_and_signs_are_named()
    {
        var sent = Sent("( \"@method\"  \"@path\" \"@authority\" \"content-type\" )");
        var text = Base.Replace("(\"@method\" \"@path\" \"@authority\" \"content-type\")", "( \"@method\"  \"@path\" \"@authority\" \"content-type\" )", StringComparison.Ordinal);

        Assert.Contains("in the strict form", Diagnosed(sent, HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(text))).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_base_and_a_MAC_as_they_should_be_verify()
    {
        var sent = Sent();

        Assert.Equal(SignatureStatus.Verified, Diagnose(sent, HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(Base))).Status);
    }

    private static string Parameters => $";created={Created};keyid=\"{MismatchCase.KeyId}\";alg=\"hmac-sha256\"";

    private static string Base => $"\"@method\": GET\n\"@path\": /orders\n\"@authority\": api.example.com\n\"content-type\": text/plain\n\"@signature-params\": (\"@method\" \"@path\" \"@authority\" \"content-type\"){Parameters}";

    private static CapturedMessage Sent(string list = "(\"@method\" \"@path\" \"@authority\" \"content-type\")") =>
        new CapturedMessage { Target = "/orders" }.With("Content-Type", "text/plain").With("Signature-Input", $"sig={list}{Parameters}");

    private static ComponentDifference Diagnosed(CapturedMessage sent, byte[] mac)
    {
        var diagnosis = Diagnose(sent, mac);
        Assert.NotEqual(SignatureStatus.Verified, diagnosis.Status);
        Assert.DoesNotContain(MismatchCases.Secret, diagnosis.Sentence, StringComparison.Ordinal);
        return Assert.Single(diagnosis.Differences);
    }

    private static RequestDiagnosis Diagnose(CapturedMessage sent, byte[] mac) => RequestDiagnosis.Diagnose(
        sent.With("Signature", $"sig=:{Convert.ToBase64String(mac)}:"), [], MismatchCase.KeyId, MismatchCases.Secret, new RequestCircumstances { ReceivedAt = MismatchCase.Now, Policy = new VerificationPolicy { RequiredComponents = ["@method", "@path"] } });

    // All lines but the last.
    private static string Lines(string text, Func<string, string> map)
    {
        var lines = text.Split('\n');
        return string.Join('\n', [.. lines[..^1].Select(map), lines[^1]]);
    }
}
