using System.Security.Cryptography;
using Signing.Tests.Support;

namespace Signing.Tests.Algorithms;

[Collection(Alone.Name)]
public sealed class HmacSha256Tests
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] Data = RandomNumberGenerator.GetBytes(398);

    [Fact, Trait("Protocol", "B4")]
    public void The_MAC_is_HMAC_SHA256_over_the_bytes_and_verifies()
    {
        using var key = new SigningKey("id", Secret);
        byte[] mac = new byte[HmacSha256.MacSize];

        HmacSha256.Compute(key, Data, mac);

        Assert.Equal(HMACSHA256.HashData(Secret, Data), mac);
        Assert.True(HmacSha256.Verify(key, Data, mac));
    }

    [Fact, Trait("Protocol", "B4")]
    public void A_MAC_of_any_other_length_is_refused()
    {
        using var key = new SigningKey("id", Secret);
        byte[] mac = HMACSHA256.HashData(Secret, Data);

        for (int length = 0; length < HmacSha256.MacSize; length++)
        {
            Assert.False(HmacSha256.Verify(key, Data, mac.AsSpan(0, length)));
        }

        Assert.False(HmacSha256.Verify(key, Data, [.. mac, 0]));
        Assert.False(HmacSha256.Verify(key, Data, [.. mac, .. mac]));
    }

    [Fact, Trait("Protocol", "B4")]
    public void Each_of_the_256_bits_counts()
    {
        using var key = new SigningKey("id", Secret);
        byte[] mac = HMACSHA256.HashData(Secret, Data);

        for (int bit = 0; bit < HmacSha256.MacSize * 8; bit++)
        {
            mac[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(HmacSha256.Verify(key, Data, mac));
            mac[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.True(HmacSha256.Verify(key, Data, mac));
    }

    [Fact]
    public void A_caller_s_mistakes_are_named()
    {
        using var key = new SigningKey("id", Secret);

        Assert.Throws<ArgumentNullException>("key", () => HmacSha256.Compute(null!, Data, new byte[HmacSha256.MacSize]));
        Assert.Throws<ArgumentNullException>("key", () => HmacSha256.Verify(null!, Data, new byte[HmacSha256.MacSize]));
        Assert.Throws<ArgumentOutOfRangeException>("mac", () => HmacSha256.Compute(key, Data, new byte[HmacSha256.MacSize - 1]));
    }

    [Fact]
    public void The_MAC_takes_the_first_32_bytes_and_leaves_the_rest()
    {
        using var key = new SigningKey("id", Secret);
        byte[] mac = [.. Enumerable.Repeat((byte)7, HmacSha256.MacSize + 2)];

        HmacSha256.Compute(key, [], mac);

        Assert.Equal([.. HMACSHA256.HashData(Secret, Array.Empty<byte>()), 7, 7], mac);
    }

    [Fact]
    public void A_disposed_key_verifies_nothing_and_signing_with_it_throws()
    {
        var key = new SigningKey("id", Secret);
        byte[] valid = HMACSHA256.HashData(Secret, Data);
        Assert.True(HmacSha256.Verify(key, Data, valid));

        key.Dispose();

        byte[] mac = new byte[HmacSha256.MacSize];
        Assert.False(HmacSha256.Verify(key, Data, valid));
        Assert.Throws<ObjectDisposedException>(() => HmacSha256.Compute(key, Data, mac));
        Assert.All(mac, b => Assert.Equal(0, b));
        Assert.False(HmacSha256.Verify(key, Data, mac));
    }

    [Fact]
    public void A_MAC_under_the_zeroed_secret_is_not_taken_from_a_disposed_key()
    {
        var key = new SigningKey("id", Secret);
        key.Dispose();

        Assert.False(HmacSha256.Verify(key, Data, HMACSHA256.HashData(new byte[Secret.Length], Data)));
    }

    [Fact]
    public void A_MAC_under_a_secret_being_zeroed_is_never_taken_as_valid()
    {
        byte[] zeroed = HMACSHA256.HashData(new byte[Secret.Length], Data);
        SigningKey key = new("id", Secret);
        bool accepted = false;
        bool stop = false;
        var attacker = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                accepted |= HmacSha256.Verify(Volatile.Read(ref key), Data, zeroed);
            }
        });
        attacker.Start();

        for (int round = 0; round < 5_000; round++)
        {
            Volatile.Read(ref key).Dispose();
            Volatile.Write(ref key, new SigningKey("id", Secret));
        }

        Volatile.Write(ref stop, true);
        attacker.Join();
        key.Dispose();
        Assert.False(accepted);
    }

    [Fact]
    public void Threads_on_one_key_never_mix_their_messages()
    {
        using var key = new SigningKey("id", Secret);
        int wrong = 0;

        RunThreads(8, thread =>
        {
            byte[] data = [.. Data, (byte)thread];
            byte[] expected = HMACSHA256.HashData(Secret, data);
            for (int i = 0; i < 5_000; i++)
            {
                if (!HmacSha256.Verify(key, data, expected))
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        });

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Threads_on_many_keys_that_are_disposed_of_meanwhile_get_the_right_MAC_or_none()
    {
        // Twice as many keys as may keep states, so eviction happens too.
        const int Keys = KeyedHashCap.MaxKeys * 2;
        byte[][] secrets = [.. Enumerable.Range(0, Keys).Select(_ => RandomNumberGenerator.GetBytes(32))];
        SigningKey[] keys = [.. secrets.Select((secret, i) => new SigningKey($"key-{i}", secret))];
        int wrong = 0;

        RunThreads(4, thread =>
        {
            var random = new Random(thread);
            byte[] mac = new byte[HmacSha256.MacSize];
            for (int i = 0; i < 30_000; i++)
            {
                // A few keys are busy, the others rare.
                int index = random.Next(2) == 0 ? random.Next(64) : random.Next(Keys);
                SigningKey key = Volatile.Read(ref keys[index]);
                if (random.Next(100) == 0)
                {
                    Volatile.Write(ref keys[index], new SigningKey(key.KeyId, secrets[index]));
                    key.Dispose();
                    continue;
                }

                try
                {
                    HmacSha256.Compute(key, Data, mac);
                    if (!mac.AsSpan().SequenceEqual(HMACSHA256.HashData(secrets[index], Data)))
                    {
                        Interlocked.Increment(ref wrong);
                    }
                }
                catch (ObjectDisposedException e) when (e.ObjectName == typeof(SigningKey).FullName)
                {
                    Assert.True(key.IsDisposed);
                }
            }
        });

        Array.ForEach(keys, key => key.Dispose());
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Verifying_allocates_nothing_once_warm()
    {
        using var key = new SigningKey("id", Secret);
        byte[] mac = HMACSHA256.HashData(Secret, Data);

        Assert.Equal(0, Allocation.OfWarmed(() => HmacSha256.Verify(key, Data, mac)));
    }

    private static void RunThreads(int count, Action<int> body)
    {
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, count).Select(thread => new Thread(() =>
        {
            try
            {
                body(thread);
            }
            catch (Exception e)
            {
                // Handed to the test's own thread, which throws it.
                Volatile.Write(ref failure, e);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Null(failure);
    }
}
