using System.Text;

namespace Signing.Tests.Reference;

/// <summary>RFC 9421 §3.1. Signs a request under one label, with the covered list and parameters given as text.</summary>
public static class ReferenceSigner
{
    // The request with both fields added; "input" is the member's value: ("@method" …);created=…
    public static ReferenceRequest Sign(ReferenceRequest request, string label, string input, ReferenceKey key, IReadOnlyDictionary<string, SfFieldType> types)
    {
        var signature = new ReferenceSignature(label, SfParser.Parse(input, SfFieldType.List).List!.Single());
        var mac = ReferenceHmac.Compute(key.Secret, Encoding.ASCII.GetBytes(ReferenceBase.Build(request, signature, types)));
        return request.With("Signature-Input", $"{label}={input}").With("Signature", $"{label}=:{ReferenceBase64.Encode(mac)}:");
    }
}
