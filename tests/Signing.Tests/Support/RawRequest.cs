using System.Security.Cryptography;
using System.Text;

namespace Signing.Tests.Support;

/// <summary>Holds one request exactly as it came over the socket; the body without its transfer coding.</summary>
public sealed class RawRequest(string head, byte[] body)
{
    private readonly string[] _lines = head.Split("\r\n");

    public string Head => head;

    public byte[] Body => body;

    public string Text => Encoding.UTF8.GetString(body);

    public string Method => _lines[0].Split(' ')[0];

    public string Target => _lines[0].Split(' ')[1];

    /// <summary>Gets the only line of a header, spaces around it removed.</summary>
    public string this[string name] => Assert.Single(Lines(name)).Trim(' ');

    /// <summary>Gets the lines of a header, as they were sent.</summary>
    public string[] Lines(string name) =>
        [.. _lines.Skip(1).Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..])];

    /// <summary>Verifies the signature over what arrived, and the digest over the bytes that arrived.</summary>
    public SignatureStatus Verify(SigningKey key, TimeProvider time, VerificationPolicy? policy = null)
    {
        var view = new RawRequestView(this);
        var verifier = new MessageVerifier(policy ?? new VerificationPolicy(), time);
        if (!verifier.TryRead(in view, out SignatureCandidates candidates, out SignatureStatus refusal))
        {
            return refusal;
        }

        SignatureStatus status = SignatureStatus.NotVerified;
        for (int i = 0; i < candidates.Count && status != SignatureStatus.Verified; i++)
        {
            SignatureCandidate candidate = candidates[i];
            status = verifier.Verify(in view, in candidate, key, out _);
        }

        return status == SignatureStatus.Verified && Lines("content-digest").Length > 0 && !DigestMatches() ? SignatureStatus.DigestMismatch : status;
    }

    /// <summary>Gets the components that <c>Signature-Input</c> lists first, without quotes.</summary>
    public string[] Covered()
    {
        string input = this["signature-input"];
        int start = input.IndexOf('(', StringComparison.Ordinal) + 1;
        return [.. input[start..input.IndexOf(')', start)].Split(' ').Select(name => name.Trim('"'))];
    }

    // Not by the code under test.
    private bool DigestMatches() => this["content-digest"].Split(", ").All(member =>
        member == $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body))}:" || member == $"sha-512=:{Convert.ToBase64String(SHA512.HashData(body))}:");
}
