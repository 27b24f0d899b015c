using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Signing.Tool;

/// <summary>RFC 9421 §3.2. Takes a captured request through every step of a verifier and writes down what each works on.</summary>
internal static class Steps
{
    /// <summary>Lists the steps of a request, up to the one that has nothing to work on.</summary>
    public static List<Step> Of(RawRequest request, CapturedSignature? signature)
    {
        var steps = new List<Step>
        {
            new("RFC 9421 4.1", "Signature-Input", Lines(request.LinesOf("signature-input"))),
            new("RFC 9421 4.2", "Signature", Lines(request.LinesOf("signature"))),
        };
        if (signature is null)
        {
            return steps;
        }

        steps.Add(new("RFC 9421 2.3", "Signature parameters", Parameters(signature)));
        foreach (string component in signature.Components)
        {
            string? line = CapturedSignature.BaseOf(request, $"({component})", new VerificationPolicy())?.Split('\n')[0];
            steps.Add(new(SectionOf(component), component, line is null ? "(absent, or no value that can be signed)" : Shown(line)[(component.Length + 2)..]));
        }

        if (CapturedSignature.BaseOf(request, signature.Text, new VerificationPolicy()) is { } text)
        {
            steps.Add(new("RFC 9421 2.5", string.Create(CultureInfo.InvariantCulture, $"Signature base, {text.Length} bytes"), string.Join('\n', text.Split('\n').Select(Shown))));
        }

        steps.Add(new("RFC 9421 3.3.3", "MAC", string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(signature.Value)} ({signature.Value.Length} bytes; HMAC-SHA256 has 32)")));
        if (request.Content.Length > 0 || request.LinesOf("content-digest").Length > 0)
        {
            steps.Add(new("RFC 9530 2", "Content-Digest", Lines(request.LinesOf("content-digest"))));
            steps.Add(new("RFC 9530 2", string.Create(CultureInfo.InvariantCulture, $"Content, {request.Content.Length} bytes"), $"sha-256=:{Convert.ToBase64String(SHA256.HashData(request.Content))}:"));
        }

        return steps;
    }

    private static string Parameters(CapturedSignature signature)
    {
        var text = new StringBuilder(signature.Text[(signature.Text.LastIndexOf(')') + 1)..].TrimStart(';').Replace(";", "\n", StringComparison.Ordinal));
        if (signature.Created is { } created and >= 0 and < 253_402_300_800)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n(created is {DateTimeOffset.FromUnixTimeSeconds(created):u})");
        }

        return text.ToString();
    }

    private static string Lines(string[] lines) => lines.Length == 0 ? "(absent)" : string.Join('\n', lines);

    // What is pasted into a ticket holds no token.
    private static string Shown(string line)
    {
        int value = line.IndexOf(": ", line.IndexOf('"', 1), StringComparison.Ordinal) + 2;
        return TokenField.Carries(line) ? line[..value] + ShownValue.NotShown(line[value..]) : line;
    }

    private static string SectionOf(string component) => "RFC 9421 " + component[1..component.IndexOf('"', 1)] switch
    {
        "@method" => "2.2.1",
        "@target-uri" => "2.2.2",
        "@authority" => "2.2.3",
        "@scheme" => "2.2.4",
        "@request-target" => "2.2.5",
        "@path" => "2.2.6",
        "@query" => "2.2.7",
        "@query-param" => "2.2.8",
        "@status" => "2.2.9",
        _ => "2.1",
    };
}
