using System.Security.Cryptography;

namespace Signing.AspNetCore;

// Makes Ids and texts, and the records that store them.
internal sealed class SecretMaker(SecretSeal seal, CredentialFormat format)
{
    public static string NewId(string kind) => $"{kind}_{RandomNumberGenerator.GetString(Base62.Alphabet, CredentialFormat.KeyRandomLength)}";

    public string NewKey(string environment) => format.CreateKey(environment);

    public (SecretRecord Secret, string Text) NewSecret(string credentialId, CredentialKind kind, string environment, int version, SecretDisclosure disclosure, DateTimeOffset now)
    {
        if (kind == CredentialKind.KeyPair)
        {
            string secret = format.CreateSecret(environment);
            return (Record(secret, version, disclosure, now) with { Sealed = seal.Seal(credentialId, version, secret) }, secret);
        }

        string token = format.CreateApiToken(environment);
        SecretRecord record = Record(token, version, disclosure, now) with { Hash = TokenHash.Of(token) };
        return (disclosure == SecretDisclosure.Retrievable ? record with { Sealed = seal.Seal(credentialId, version, token) } : record, token);
    }

    public (SecretRecord Secret, string Text) NewSharingKey(DateTimeOffset now)
    {
        string text = format.CreateSharingKey();
        return (Record(text, version: 1, SecretDisclosure.Once, now) with { Hash = TokenHash.Of(text) }, text);
    }

    public string Open(string credentialId, SecretRecord secret)
    {
        byte[] clear = seal.Open(credentialId, secret.Version, secret.Sealed!.Value);
        string text = System.Text.Encoding.UTF8.GetString(clear);
        CryptographicOperations.ZeroMemory(clear);
        return text;
    }

    private static SecretRecord Record(string text, int version, SecretDisclosure disclosure, DateTimeOffset now) =>
        new() { Version = version, Hint = text[^SecretRecord.HintLength..], Disclosure = disclosure, Created = now };
}
