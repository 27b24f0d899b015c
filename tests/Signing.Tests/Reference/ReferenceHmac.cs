using System.Security.Cryptography;

namespace Signing.Tests.Reference;

/// <summary>RFC 2104 §2 over SHA-256: H(K XOR opad, H(K XOR ipad, text)).</summary>
public static class ReferenceHmac
{
    private const int BlockBytes = 64;

    public static byte[] Compute(byte[] key, byte[] text)
    {
        var shortened = key.Length > BlockBytes ? SHA256.HashData(key) : key;
        var block = shortened.Concat(new byte[BlockBytes - shortened.Length]).ToArray();
        var inner = SHA256.HashData([.. block.Select(b => (byte)(b ^ 0x36)), .. text]);
        return SHA256.HashData([.. block.Select(b => (byte)(b ^ 0x5c)), .. inner]);
    }
}
