using System.Globalization;

namespace Signing.Tool;

/// <summary>RFC 9530 §2, RFC 9112 §6.2. Holds what a request says of its content against the content, before it is signed.</summary>
internal static class StatedContent
{
    /// <summary>Refuses a Content-Length or a Content-Digest that a verifier would refuse.</summary>
    /// <param name="request">The request with these fields.</param>
    /// <param name="content">Its whole content.</param>
    /// <exception cref="ToolFailure">One does not fit; the sentence says what would.</exception>
    public static void Check(RawRequest request, byte[] content)
    {
        string[] lengths = request.LinesOf("content-length");
        bool isLengthStated = lengths.Length > 0 && request.LinesOf("transfer-encoding").Length == 0;
        if (isLengthStated && !(lengths is [var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length == content.Length))
        {
            throw ToolFailure.Usage(string.Create(CultureInfo.InvariantCulture, $"Content-Length says {Printable.Of(string.Join(", ", lengths))}, and the content has {content.Length} bytes: correct it, or leave it out."));
        }

        bool isRead = ContentDigest.TryRead(request, out ExpectedDigest expected, out SignatureStatus refusal);
        if (isRead ? ContentComparison.Verify(content, expected) != SignatureStatus.Verified : refusal != SignatureStatus.MissingDigest)
        {
            string fits = DigestOf(content, isRead ? expected.Algorithms : DigestAlgorithms.Sha256);
            throw ToolFailure.Usage(string.Create(
                CultureInfo.InvariantCulture,
                $"The Content-Digest {(isRead ? "is not that of the content" : "is malformed, or has neither sha-256 nor sha-512")}: the {content.Length} bytes of it have {fits}; correct the field, or leave it out."));
        }
    }

    /// <summary>Writes the value of the field.</summary>
    public static string DigestOf(byte[] content, DigestAlgorithms algorithms)
    {
        var digest = new char[ContentDigest.MaxFieldLength];
        ContentDigest.TryWrite(content, algorithms, digest, out int length);
        return new string(digest, 0, length);
    }
}
