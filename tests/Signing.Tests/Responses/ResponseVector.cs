using System.Globalization;
using System.Text;
using Signing.Tests.Vectors;

namespace Signing.Tests.Responses;

/// <summary>One response with its signature and the verdict it has to get. See the README beside the directories.</summary>
public sealed record ResponseVector(string Name, ReferenceResponse Response, VerificationPolicy Policy, string? Base, string? Signed, byte[] Mac, SignatureStatus Expected)
{
    public static IReadOnlyDictionary<string, ResponseVector> All { get; } = VectorFiles.Load("Responses", Read);

    /// <summary>Two seconds after the responses were signed.</summary>
    public static DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeSeconds(1618884477);

    /// <summary>The shared secret of RFC 9421 Appendix B.1.5, which signs in place of the keys of other algorithms as well.</summary>
    public static byte[] Secret { get; } = Convert.FromBase64String(VectorFiles.ReadShared("keys.txt").Split('\n')[0].Split(' ')[2]);

    private static ResponseVector Read(VectorFiles files)
    {
        string input = files.ReadText("signature-input.txt");
        string mac = files.ReadText("mac.txt");
        string[] parts = files.ReadText("response.http").Split("\n\n", 2);
        string[] head = parts[0].Split('\n');
        string? request = files.TryReadText("request.http");
        var response = new ReferenceResponse(
            int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture),
            [.. head[1..].Select(line => line.Split(": ", 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]))],
            Encoding.UTF8.GetBytes(parts.Length == 1 ? "" : parts[1]),
            request is null ? null : RequestText.Parse(request, "https"),
            files.TryReadText("request-label.txt"));
        var defaults = new VerificationPolicy(MessageKind.Response);
        return new ResponseVector(
            files.Name,
            response.With("Signature-Input", input).With("Signature", $"{input[..input.IndexOf('=', StringComparison.Ordinal)]}=:{mac}:"),
            new VerificationPolicy(MessageKind.Response) { RequiredComponents = files.TryReadText("required.txt")?.Split(' ') ?? defaults.RequiredComponents },
            files.TryReadText("base.txt"),
            files.TryReadText("signed.txt"),
            Convert.FromBase64String(mac),
            Enum.Parse<SignatureStatus>(files.ReadText("expect.txt")));
    }
}
