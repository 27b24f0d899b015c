namespace Signing.Tests.Vectors;

/// <summary>Lines of Content-Digest, the content, and the verdict.</summary>
public sealed record DigestVector(string Name, IReadOnlyList<string> Lines, byte[] Content, SignatureStatus Expected)
{
    public static IReadOnlyDictionary<string, DigestVector> All { get; } = VectorFiles.Load("Digests", files => new DigestVector(
        files.Name,
        files.TryReadLines("content-digest.txt"),
        Convert.FromBase64String(files.ReadText("content.base64.txt")),
        Enum.Parse<SignatureStatus>(files.ReadText("expect.txt"))));
}
