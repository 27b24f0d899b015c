using Signing.Tests.Reference;

namespace Signing.Tests.Vectors;

/// <summary>One message with its signature and the verdict it has to get. See the README beside the directories.</summary>
public sealed record MessageVector(
    string Name,
    ReferenceRequest Request,
    ReferenceContext Context,
    string? Base,
    string? Signed,
    byte[]? Mac,
    SignatureStatus Expected)
{
    public static IReadOnlyDictionary<string, MessageVector> All { get; } = VectorFiles.Load("Messages", Read);

    // The one signature of the message, where the vector gives the MAC of it.
    public ReferenceSignature Signature => ReferenceSignatureFields.ReadInput(Request).Single();

    public override string ToString() => Name;

    private static MessageVector Read(VectorFiles files)
    {
        var contextText = files.TryReadText("context.txt");
        var context = ContextText.Parse(contextText, files.TryReadText("keys.txt") ?? VectorFiles.ReadShared("keys.txt"));
        var inputLines = files.TryReadLines("signature-input.txt");
        var mac = files.TryReadText("mac.txt");
        var signatureLines = mac is null ? files.TryReadLines("signature.txt") : [$"{LabelOf(inputLines[0])}=:{mac}:"];
        var request = RequestText.Parse(files.ReadText("request.http"), ContextText.Scheme(contextText))
            .With("Signature-Input", inputLines)
            .With("Signature", signatureLines);
        return new MessageVector(
            files.Name,
            request,
            context,
            files.TryReadText("base.txt") is { } baseText ? VectorFiles.Unmask(baseText) : null,
            files.TryReadText("signed.txt") is { } signedText ? VectorFiles.Unmask(signedText) : null,
            mac is null ? null : Convert.FromBase64String(mac),
            Enum.Parse<SignatureStatus>(files.ReadText("expect.txt")));
    }

    private static string LabelOf(string inputLine) => inputLine[..inputLine.IndexOf('=', StringComparison.Ordinal)].Trim();
}
