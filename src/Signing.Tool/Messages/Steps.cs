using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Signing.Tool;

/// <summary>RFC 9421 §3.2. Takes a captured request through every step of a verifier and writes down what each works on.</summary>
internal static class Steps
{
    // The year 10000, in seconds since 1970.
    private const long FirstUnwritable = 253_402_300_800;

    /// <summary>Lists the steps of a request, up to the one that has nothing to work on.</summary>
    public static List<Step> Of(RawRequest request, CarriedSignature carried)
    {
        List<Step> steps = carried.IsInUrl
            ? [new("Presigned URL", "The parameter signature", Parameter(carried.Signature))]
            : [new("RFC 9421 4.1", "Signature-Input", Lines(request.LinesOf("signature-input"))), new("RFC 9421 4.2", "Signature", Lines(request.LinesOf("signature")))];
        if (carried.Signature is not { } signature)
        {
            return steps;
        }

        steps.Add(new("RFC 9421 2.3", "Signature parameters", Parameters(signature)));
        string[]? lines = carried.Base?.Split('\n');
        for (int i = 0; i < signature.Components.Count; i++)
        {
            string component = signature.Components[i];
            string? line = lines is null ? request.BaseOf($"({component})")?.Split('\n')[0] : lines[i];
            steps.Add(new(SectionOf(component), component, line is null ? "(absent, or no value that can be signed)" : Shown(line)[(component.Length + 2)..]));
        }

        if (lines is not null)
        {
            steps.Add(new("RFC 9421 2.5", string.Create(CultureInfo.InvariantCulture, $"Signature base, {carried.Base!.Length} bytes"), string.Join('\n', lines.Select(Shown))));
        }

        steps.Add(new("RFC 9421 3.3.3", "MAC", carried.IsInUrl ? "(32 bytes, not shown)" : string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(signature.Value)} ({signature.Value.Length} bytes; HMAC-SHA256 has 32)")));
        if (request.Content.Length > 0 || request.LinesOf("content-digest").Length > 0)
        {
            steps.Add(new("RFC 9530 2", "Content-Digest", Lines(request.LinesOf("content-digest"))));
            steps.Add(new("RFC 9530 2", string.Create(CultureInfo.InvariantCulture, $"Content, {request.Content.Length} bytes"), $"sha-256=:{Convert.ToBase64String(SHA256.HashData(request.Content))}:"));
        }

        return steps;
    }

    // The MAC of a URL is all that a thief needs, and what is shown here is pasted into tickets.
    private static string Parameter(CapturedSignature? signature) => signature is null
        ? "(damaged, there twice, or not the last of the query; if the URL was not presigned, the request carries no signature)"
        : string.Create(CultureInfo.InvariantCulture, $"The signature is in the URL: created {signature.Created}, expires {signature.Expires}, key id {signature.KeyId}.\nWhoever has the URL may GET it until it expires, so that its MAC is not shown.");

    private static string Parameters(CapturedSignature signature)
    {
        var text = new StringBuilder(signature.Parameters.TrimStart(';').Replace(";", "\n", StringComparison.Ordinal));
        AppendTime("created", signature.Created);
        AppendTime("expires", signature.Expires);
        return text.ToString();

        void AppendTime(string name, long? seconds)
        {
            if (seconds is { } known and >= 0 and < FirstUnwritable)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n({name} is {DateTimeOffset.FromUnixTimeSeconds(known):u})");
            }
        }
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
