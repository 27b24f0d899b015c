using System.Security.Cryptography;

namespace Signing.AspNetCore;

// Where a fingerprint belongs, decided by a random key of this process: whoever holds a Secret can try messages until
// their MACs look alike, but not know which ones meet in one group.
internal readonly struct ReplayHash
{
    private readonly ulong _lowerKey;
    private readonly ulong _upperKey;

    private ReplayHash(ulong lowerKey, ulong upperKey)
    {
        _lowerKey = lowerKey;
        _upperKey = upperKey;
    }

    public static ReplayHash CreateRandom()
    {
        Span<byte> keys = stackalloc byte[16];
        RandomNumberGenerator.Fill(keys);
        return new ReplayHash(BitConverter.ToUInt64(keys), BitConverter.ToUInt64(keys[8..]));
    }

    // The upper half chooses the shard, the lower half the group within it.
    public ulong Of(UInt128 fingerprint)
    {
        ulong upper = Math.BigMul((ulong)fingerprint ^ _lowerKey, (ulong)(fingerprint >> 64) ^ _upperKey, out ulong lower);
        return upper ^ lower;
    }
}
