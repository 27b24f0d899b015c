using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Signing.Tests.Support;

namespace Signing.Tests.Algorithms;

[Collection(Alone.Name)]
public sealed class KeyedHashCapTests
{
    private const int Capacity = 8;
    private const int ManyKeys = 100;
    private static readonly byte[] Data = RandomNumberGenerator.GetBytes(64);
    private readonly KeyedHashCap _cap = new(Capacity);

    [Fact]
    public void No_more_keys_keep_states_than_the_cap_says()
    {
        KeyedHash[] keys = Keys(ManyKeys);

        foreach (KeyedHash key in keys)
        {
            Use(key, times: KeyedHashCap.MissesBeforeEviction * 2);
            Assert.InRange(keys.Count(k => k.KeepsStates), 1, Capacity);
        }

        Assert.Equal(Capacity, keys.Count(k => k.KeepsStates));
    }

    [Fact]
    public void A_busy_key_evicts_one_that_was_idle_for_a_round()
    {
        KeyedHash[] keys = Keys(Capacity + 1);
        Array.ForEach(keys, key => Use(key, times: 1));
        KeyedHash late = keys[Capacity];
        Assert.False(late.KeepsStates);

        Use(late, times: KeyedHashCap.MissesBeforeEviction + 1);

        Assert.True(late.KeepsStates);
        Assert.Equal(Capacity, keys.Count(k => k.KeepsStates));
    }

    [Fact]
    public void A_key_used_between_two_rounds_is_not_evicted()
    {
        var cap = new KeyedHashCap(KeyedHashCap.MaxProbes * 4);
        KeyedHash[] kept = Keys(KeyedHashCap.MaxProbes * 4, cap);
        Array.ForEach(kept, key => Use(key, times: 1));
        KeyedHash late = Keys(1, cap)[0];

        for (int i = 0; i < ManyKeys; i++)
        {
            Use(late, times: 1);
            Array.ForEach(kept, key => Use(key, times: 1));
        }

        Assert.False(late.KeepsStates);
        Assert.All(kept, key => Assert.True(key.KeepsStates));
    }

    [Fact]
    public void A_key_that_is_rarely_used_evicts_nobody()
    {
        KeyedHash[] keys = Keys(ManyKeys);
        KeyedHash[] first = keys[..Capacity];
        Array.ForEach(first, key => Use(key, times: 1));

        foreach (KeyedHash key in keys[Capacity..])
        {
            Use(key, times: KeyedHashCap.MissesBeforeEviction - 1);
        }

        Assert.All(first, key => Assert.True(key.KeepsStates));
    }

    [Fact]
    public void The_place_of_a_closed_key_is_free()
    {
        KeyedHash[] keys = Keys(Capacity + 1);
        Array.ForEach(keys[..Capacity], key => Use(key, times: 1));

        keys[Capacity / 2].Close();
        Use(keys[Capacity], times: 1);

        Assert.True(keys[Capacity].KeepsStates);
        Assert.False(keys[Capacity / 2].KeepsStates);
    }

    [Fact]
    public void A_closed_key_is_not_admitted_again()
    {
        KeyedHash key = Keys(1)[0];
        key.Close();

        Use(key, times: 1);

        Assert.False(key.KeepsStates);
    }

    [Fact]
    public void A_key_that_nobody_holds_any_more_is_collected_and_its_place_is_free()
    {
        WeakReference[] forgotten = FillAndForget();

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.All(forgotten, key => Assert.False(key.IsAlive));
        KeyedHash next = Keys(1)[0];
        Use(next, times: 1);
        Assert.True(next.KeepsStates);
    }

    // Not inlined, so that no local of it keeps the keys alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference[] FillAndForget()
    {
        KeyedHash[] keys = Keys(Capacity);
        Array.ForEach(keys, key => Use(key, times: 1));
        return [.. keys.Select(key => new WeakReference(key))];
    }

    private KeyedHash[] Keys(int count, KeyedHashCap? cap = null)
        => [.. Enumerable.Range(0, count).Select(_ => new KeyedHash(RandomNumberGenerator.GetBytes(32), cap ?? _cap))];

    private static void Use(KeyedHash key, int times)
    {
        Span<byte> mac = stackalloc byte[HmacSha256.MacSize];
        for (int i = 0; i < times; i++)
        {
            key.Compute(Data, mac);
        }
    }
}
