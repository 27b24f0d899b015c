using System.Security.Cryptography;

namespace Signing.AspNetCore;

// Where a fingerprint belongs, decided by a random key of this process: whoever holds a Secret can try messages until
// their MACs look alike, but not know which ones meet in one group.
internal readonly struct ReplayHash
{
    // 2^64 divided by the golden ratio: odd, and without a pattern in its bits.
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

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

    // The upper half chooses the shard, the lower half the group within it. Twice, because fingerprints that differ in one
    // half only are otherwise multiples of one number, and one key in three hundred lines them up in few groups.
    public ulong Of(UInt128 fingerprint)
    {
        ulong once = Fold((ulong)fingerprint ^ _lowerKey, (ulong)(fingerprint >> 64) ^ _upperKey);
        return Fold(once ^ _upperKey, GoldenRatio);
    }

    private static ulong Fold(ulong left, ulong right)
    {
        ulong upper = Math.BigMul(left, right, out ulong lower);
        return upper ^ lower;
    }
}
