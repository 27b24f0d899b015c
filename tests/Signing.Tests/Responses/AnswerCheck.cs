using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Signing.Tests.Support;

namespace Signing.Tests.Responses;

/// <summary>Verifies the signature of an answer by hand, line by line as RFC 9421 prints it and without the code under test.</summary>
internal static class AnswerCheck
{
    /// <summary>Gets the identifiers that the one signature of an answer covers.</summary>
    public static string[] Covered(RawAnswer answer)
    {
        string input = answer["Signature-Input"]!;
        int start = input.IndexOf('(', StringComparison.Ordinal) + 1;
        return input[start..input.IndexOf(')', StringComparison.Ordinal)].Split(' ');
    }

    public static string BaseOf(RequestDraft request, RawAnswer answer)
    {
        string input = answer["Signature-Input"]!;
        string signed = input[(input.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return string.Concat(Covered(answer).Select(identifier => $"{identifier}: {ValueOf(identifier, request, answer)}\n")) + $"\"@signature-params\": {signed}";
    }

    public static string MacOf(RequestDraft request, RawAnswer answer) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(request.Secret), Encoding.ASCII.GetBytes(BaseOf(request, answer))));

    /// <summary>Asserts that the answer is signed for this request, its content included.</summary>
    public static void IsSigned(RequestDraft request, RawAnswer answer, string label = "sig")
    {
        HasMac(request, answer, label);
        string[] covered = Covered(answer);
        string[] always = ["\"@status\"", "\"@method\";req", "\"@authority\";req", "\"@path\";req", "\"@query\";req", $"\"signature\";req;key=\"{request.Label}\""];
        Assert.Empty(always.Except(covered));
        Assert.Equal(answer.Body.Length > 0, covered.Contains("\"content-digest\""));
        Assert.Equal(answer["Content-Type"] is not null, covered.Contains("\"content-type\""));
        Assert.Equal(answer.Body.Length > 0 ? RequestDraft.DigestOf(answer.Body) : null, answer["Content-Digest"]);
        Assert.Contains($";keyid=\"{request.KeyId}\"", answer["Signature-Input"], StringComparison.Ordinal);
        Assert.Contains("Signature", answer["Vary"], StringComparison.Ordinal);
    }

    /// <summary>Asserts that the one signature of an answer has this label, and the MAC of what it covers.</summary>
    public static void HasMac(RequestDraft request, RawAnswer answer, string label)
    {
        Assert.True(answer["Signature-Input"] is not null, answer.ToString());
        Assert.StartsWith($"{label}=(", answer["Signature-Input"], StringComparison.Ordinal);
        Assert.Equal($"{label}=:{MacOf(request, answer)}:", answer["Signature"]);
    }

    public static void IsUnsigned(RawAnswer answer)
    {
        Assert.Null(answer["Signature-Input"]);
        Assert.Null(answer["Signature"]);
    }

    private static string ValueOf(string identifier, RequestDraft request, RawAnswer answer)
    {
        string target = request.SignedTarget ?? request.Target;
        int query = target.IndexOf('?', StringComparison.Ordinal);
        return identifier switch
        {
            "\"@status\"" => answer.Status.ToString(CultureInfo.InvariantCulture),
            "\"@method\";req" => request.Method,
            "\"@scheme\";req" => request.Scheme,
            "\"@authority\";req" => (request.SignedAuthority ?? request.Authority).ToLowerInvariant(),
            "\"@path\";req" => query < 0 ? target : target[..query],
            "\"@query\";req" => query < 0 ? "?" : target[query..],
            "\"signature\";req;key=\"sig1\"" or "\"signature\";key=\"sig1\";req" or "\"signature\";req;key=\"mine\"" => $":{request.Mac()}:",
            "\"signature\";req" => $"{request.Label}=:{request.Mac()}:",
            _ when identifier.EndsWith(";req", StringComparison.Ordinal) => string.Join(", ", request.AllFields().Where(field => field.Name.Equals(identifier[1..^5], StringComparison.OrdinalIgnoreCase)).Select(field => field.Value.Trim())),
            _ => answer[identifier.Trim('"')]!,
        };
    }
}
