using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Signing.AspNetCore;

// The keys of the tokens, one for each kind and version of the master key. A set never changes; a rotation makes another.
internal sealed class TokenKeySet
{
    private const string Purpose = "signing/token/v1";

    private readonly (int Version, SigningKey[] Keys, DateTimeOffset Until)[] _versions;

    // The newest version comes first: it has made most of the tokens.
    public TokenKeySet(IEnumerable<(int Version, SigningKey[] Keys, DateTimeOffset Until)> versions) =>
        _versions = [.. versions.OrderByDescending(version => version.Version)];

    public int CurrentVersion => _versions[0].Version;

    public IEnumerable<SigningKey> All => _versions.SelectMany(version => version.Keys);

    public SigningKey? Find(TokenKind kind, int version, DateTimeOffset now)
    {
        foreach ((int Version, SigningKey[] Keys, DateTimeOffset Until) entry in _versions)
        {
            if (entry.Version == version)
            {
                return now < entry.Until ? entry.Keys[TokenKinds.IndexOf(kind)] : null;
            }
        }

        return null;
    }

    // Throws for a version that is not there: only our own rows name it.
    public SigningKey Get(TokenKind kind, int version) =>
        Find(kind, version, DateTimeOffset.MinValue) ?? throw new InvalidOperationException($"Master key version {version} is not accepted any more.");

    public SigningKey[]? KeysOf(int version) => Array.Find(_versions, entry => entry.Version == version).Keys;

    public static SigningKey[] Derive(ReadOnlySpan<byte> master, int version, string issuer)
    {
        var keys = new SigningKey[TokenKinds.Count];
        foreach (TokenKind kind in (ReadOnlySpan<TokenKind>)[TokenKind.Access, TokenKind.Refresh])
        {
            keys[TokenKinds.IndexOf(kind)] = Derive(master, version, issuer, TokenKinds.TextOf(kind));
        }

        return keys;
    }

    private static SigningKey Derive(ReadOnlySpan<byte> master, int version, string issuer, string kind)
    {
        Span<byte> key = stackalloc byte[HmacSha256.MacSize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, key, salt: [], InfoOf(issuer, kind));
        var signingKey = new SigningKey($"token {kind} {version}", key);
        CryptographicOperations.ZeroMemory(key);
        return signingKey;
    }

    // Each part after its length, so that no other parts give the same bytes.
    private static byte[] InfoOf(params ReadOnlySpan<string> parts)
    {
        List<byte> info = [];
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (string part in (ReadOnlySpan<string>)[Purpose, .. parts])
        {
            byte[] text = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
            info.AddRange(length);
            info.AddRange(text);
        }

        return [.. info];
    }
}
