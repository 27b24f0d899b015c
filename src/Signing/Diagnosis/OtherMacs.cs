using System.Security.Cryptography;
using System.Text;

namespace Signing;

/// <summary>RFC 9421 §3.3.3. Recognises what signers that are written by hand send in the place of HMAC-SHA256 over the signature base.</summary>
internal static class OtherMacs
{
    /// <summary>Says what the value of a signature is.</summary>
    /// <returns>What it is, and the remedy; <see langword="null"/> if it is none of what is known.</returns>
    public static string? Recognise(byte[] value, string secret, string signed)
    {
        var key = Encoding.UTF8.GetBytes(secret);
        var text = Encoding.UTF8.GetBytes(signed);
        var mac = Convert.ToHexString(HMACSHA256.HashData(key, text));
        (byte[] Value, string What)[] known =
        [
            (HMACSHA512.HashData(key, text), "it is HMAC-SHA512; sign with HMAC-SHA256"),
            (HMACSHA384.HashData(key, text), "it is HMAC-SHA384; sign with HMAC-SHA256"),
#pragma warning disable CA5350 // A weak algorithm: it is recognised here in order to be refused by name.
            (HMACSHA1.HashData(key, text), "it is HMAC-SHA1; sign with HMAC-SHA256"),
#pragma warning restore CA5350 // Weak algorithm: recognised above, and used nowhere.
            (Encoding.ASCII.GetBytes(mac.ToLowerInvariant()), "it is base64 of the hexadecimal digits of the MAC; send base64 of its 32 bytes"),
            (Encoding.ASCII.GetBytes(mac), "it is base64 of the hexadecimal digits of the MAC; send base64 of its 32 bytes"),
            ([.. Convert.FromHexString(mac), (byte)'\n'], "it is the MAC with a line end behind it; send base64 of its 32 bytes alone"),
            (HMACSHA256.HashData(text, key), "the signer gives the signature base as the key and the Secret as the message; give them the other way round"),
            (SHA256.HashData([.. key, .. text]), "it is SHA-256 of the Secret and the signature base, which is no MAC; sign with HMAC-SHA256"),
            (SHA256.HashData([.. text, .. key]), "it is SHA-256 of the signature base and the Secret, which is no MAC; sign with HMAC-SHA256"),
            (SHA256.HashData(text), "it is SHA-256 of the signature base without the Secret; sign with HMAC-SHA256"),
        ];
        return Array.Find(known, one => CryptographicOperations.FixedTimeEquals(one.Value, value)).What;
    }
}
