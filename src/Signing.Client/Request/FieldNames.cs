namespace Signing.Client;

internal static class FieldNames
{
    public const string Authorization = "Authorization";
    public const string ContentDigest = "Content-Digest";
    public const string ContentLength = "content-length";
    public const string Date = "Date";
    public const string Host = "Host";
    public const string Signature = "Signature";
    public const string SignatureInput = "Signature-Input";
    public const string AcceptSignature = "Accept-Signature";
}
