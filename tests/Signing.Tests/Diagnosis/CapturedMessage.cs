using System.Text;

namespace Signing.Tests.Diagnosis;

/// <summary>A request as it was sent, or as somebody behind a proxy received it.</summary>
public sealed record CapturedMessage : ISignableMessage
{
    public string MethodText { get; init; } = "GET";

    public string SchemeText { get; init; } = "https";

    public string AuthorityText { get; init; } = "api.example.com";

    public string Target { get; init; } = "/orders/7";

    public IReadOnlyList<(string Name, string Value)> Fields { get; init; } = [];

    public byte[] Content { get; init; } = [];

    public ReadOnlySpan<char> Method => MethodText;

    public ReadOnlySpan<char> Scheme => SchemeText;

    public ReadOnlySpan<char> Authority => AuthorityText;

    public ReadOnlySpan<char> RequestTarget => Target;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        var name = lowerCaseName.ToString();
        var lines = name == "host" ? [AuthorityText] : Fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).ToArray();
        count = lines.Length;
        return index < count ? lines[index] : default;
    }

    public CapturedMessage With(string name, params string[] lines) =>
        this with { Fields = [.. Fields.Where(field => !field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)), .. lines.Select(line => (name, line))] };

    /// <summary>Adds a content and, unless a field value is given, its digest by SHA-256.</summary>
    public CapturedMessage WithContent(string type, byte[] content, string? digest = null)
    {
        var field = new char[ContentDigest.MaxFieldLength];
        ContentDigest.TryWrite(content, DigestAlgorithms.Sha256, field, out var written);
        return (this with { Content = content, MethodText = "POST" }).With("Content-Type", type).With("Content-Digest", digest ?? new string(field, 0, written));
    }

    public byte[] ToHttp()
    {
        var head = new StringBuilder($"{MethodText} {Target} HTTP/1.1\r\nHost: {AuthorityText}\r\n");
        foreach ((var name, var value) in Fields)
        {
            head.Append($"{name}: {value}\r\n");
        }

        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. Content];
    }
}
