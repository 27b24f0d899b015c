using System.Security.Cryptography;
using Signing.Tests.Support;

namespace Signing.Tests.Algorithms;

[Collection(Alone.Name)]
public sealed class KeyedHashTests
{
    private const int Calls = 5;
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] Data = RandomNumberGenerator.GetBytes(398);

    [Theory, MemberData(nameof(Rfc4231.Cases), MemberType = typeof(Rfc4231))]
    public void The_vectors_of_RFC_4231_hold_with_a_kept_state(string section, string key, string data, string mac)
    {
        var hash = new KeyedHash(Convert.FromHexString(key), new KeyedHashCap(1));

        // More than once: the second time the state was used before.
        for (int call = 0; call < Calls; call++)
        {
            AssertMac(section, mac, MacOf(hash, Convert.FromHexString(data)));
        }

        Assert.True(hash.KeepsStates);
    }

    [Theory, MemberData(nameof(Rfc4231.Cases), MemberType = typeof(Rfc4231))]
    public void The_vectors_of_RFC_4231_hold_in_one_shot(string section, string key, string data, string mac)
    {
        var hash = new KeyedHash(Convert.FromHexString(key), new KeyedHashCap(0));

        AssertMac(section, mac, MacOf(hash, Convert.FromHexString(data)));
        Assert.False(hash.KeepsStates);
    }

    [Fact]
    public void A_buffer_shorter_than_a_MAC_is_refused_before_anything_is_written()
    {
        var hash = new KeyedHash(Secret, new KeyedHashCap(1));
        byte[] mac = new byte[HmacSha256.MacSize - 1];

        Assert.Throws<ArgumentOutOfRangeException>(() => hash.Compute(Data, mac));
        Assert.All(mac, b => Assert.Equal(0, b));
    }

    [Fact]
    public void A_state_whose_native_call_failed_is_not_used_again()
    {
        var hash = new KeyedHash(Secret, new KeyedHashCap(1));
        byte[] expected = MacOf(hash, Data);
        IncrementalHash broken = hash.States!.Rent(out int place)!;
        broken.Dispose();
        Assert.True(hash.States.TryReturn(broken, place));

        Assert.ThrowsAny<ObjectDisposedException>(() => MacOf(hash, Data));

        Assert.Equal(expected, MacOf(hash, Data));
        Assert.NotSame(broken, hash.States.Rent(out _));
    }

    [Fact]
    public void A_state_returned_after_the_key_was_closed_is_disposed_of()
    {
        var hash = new KeyedHash(Secret, new KeyedHashCap(1));
        MacOf(hash, Data);
        ProcessorSlots<IncrementalHash> states = hash.States!;
        IncrementalHash inUse = states.Rent(out int place)!;

        hash.Close();
        Assert.True(states.TryReturn(inUse, place));

        Assert.Null(states.Rent(out _));
        Assert.Throws<ObjectDisposedException>(() => inUse.AppendData(Data));
        Assert.False(hash.KeepsStates);
    }

    [Fact]
    public void When_every_state_is_in_use_a_MAC_is_computed_in_one_shot_without_another_state()
    {
        var hash = new KeyedHash(Secret, new KeyedHashCap(1));
        byte[] expected = MacOf(hash, Data);
        ProcessorSlots<IncrementalHash> states = hash.States!;
        states.Rent(out _);
        while (states.TryReserve())
        {
            // Takes the place of the states that other processors would create.
        }

        Assert.Equal(0, Allocation.OfWarmed(() => Compute(hash)));
        Assert.Equal(expected, MacOf(hash, Data));
        Assert.Null(states.Rent(out _));
    }

    [Fact]
    public void A_kept_state_is_found_from_whichever_processor_asks()
    {
        var slots = new ProcessorSlots<IncrementalHash>();
        using var state = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Assert.True(slots.TryReserve());
        Assert.True(slots.TryReturn(state, 0));

        IncrementalHash? found = null;
        var thread = new Thread(() => found = slots.Rent(out _));
        thread.Start();
        thread.Join();

        Assert.Same(state, found);
        Assert.Null(slots.Rent(out _));
    }

    [Fact]
    public void Reservations_end_at_one_for_each_slot_and_a_discarded_state_gives_its_own_back()
    {
        var slots = new ProcessorSlots<IncrementalHash>();
        for (int i = 0; i < ProcessorSlots<IncrementalHash>.Count; i++)
        {
            Assert.True(slots.TryReserve());
        }

        Assert.False(slots.TryReserve());
        slots.Discard(IncrementalHash.CreateHash(HashAlgorithmName.SHA256));
        Assert.True(slots.TryReserve());
        Assert.False(slots.TryReserve());
    }

    [Fact]
    public void Computing_allocates_nothing_once_warm()
    {
        var kept = new KeyedHash(Secret, new KeyedHashCap(1));
        var oneShot = new KeyedHash(Secret, new KeyedHashCap(0));

        Assert.Equal(0, Allocation.OfWarmed(() => Compute(kept)));
        Assert.Equal(0, Allocation.OfWarmed(() => Compute(oneShot)));
    }

    private static void AssertMac(string section, string expected, byte[] actual)
        => Assert.True(Convert.ToHexString(actual).StartsWith(expected, StringComparison.OrdinalIgnoreCase), $"RFC 4231 §{section}");

    private static void Compute(KeyedHash hash)
    {
        Span<byte> mac = stackalloc byte[HmacSha256.MacSize];
        hash.Compute(Data, mac);
    }

    private static byte[] MacOf(KeyedHash hash, byte[] data)
    {
        byte[] mac = new byte[HmacSha256.MacSize];
        hash.Compute(data, mac);
        return mac;
    }
}
