using System.Buffers.Binary;
using System.Reflection;
using Signing.Tests.Support;

namespace Signing.Tests.Keys;

[Collection(Alone.Name)]
public sealed class NonceSourceTests
{
    private const int BitsOfNonce = 132;

    [Fact, Trait("Protocol", "P5")]
    public void A_nonce_is_22_characters_that_need_no_escape_in_a_string()
    {
        for (int i = 0; i < 1_000; i++)
        {
            Assert.Matches("^[A-Za-z0-9_-]{22}$", Next(NonceSource.OfThread));
        }
    }

    [Fact, Trait("Protocol", "P5")]
    public void No_nonce_comes_twice_on_any_thread()
    {
        string[][] drawn = new string[4][];
        Thread[] threads = [.. drawn.Select((_, thread) => new Thread(() =>
            drawn[thread] = [.. Enumerable.Range(0, 5_000).Select(_ => Next(NonceSource.OfThread))]))];

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        string[] all = [.. drawn.SelectMany(nonces => nonces)];
        Assert.Equal(all.Length, all.ToHashSet(StringComparer.Ordinal).Count);
    }

    [Fact]
    public void It_is_base64url_of_the_random_bytes()
    {
        var source = new NonceSource(random => random.Fill(0xfb));

        // 0xfb bytes make every special digit of the alphabet appear.
        Assert.Equal("-_v7-_v7-_v7-_v7-_v7-_", Next(source));
    }

    [Fact]
    public void Each_of_the_132_random_bits_reaches_the_nonce()
    {
        var nonces = new HashSet<string>(StringComparer.Ordinal);
        for (int bit = 0; bit < BitsOfNonce; bit++)
        {
            nonces.Add(Next(new NonceSource(random =>
            {
                random.Clear();
                random[bit / 8] = (byte)(0x80 >> (bit % 8));
            })));
        }

        Assert.Equal(BitsOfNonce, nonces.Count);
    }

    [Fact]
    public void Random_bytes_are_drawn_by_the_block_and_never_used_twice()
    {
        int draws = 0;
        ushort counter = 0;
        var source = new NonceSource(random =>
        {
            draws++;
            for (int i = 0; i < random.Length; i += sizeof(ushort))
            {
                BinaryPrimitives.WriteUInt16LittleEndian(random[i..], ++counter);
            }
        });

        string[] nonces = [.. Enumerable.Range(0, 512).Select(_ => Next(source))];

        // A block has 4,096 characters, which are 186 nonces.
        Assert.Equal(3, draws);
        Assert.Equal(nonces.Length, nonces.ToHashSet(StringComparer.Ordinal).Count);
    }

    [Fact]
    public void Used_random_bytes_are_wiped()
    {
        var source = new NonceSource(random => random.Fill(1));

        Next(source);
        Next(source);

        Assert.Equal(2 * NonceSource.NonceLength, FieldOf<char[]>(source, "_block").Count(character => character == 0));
        Assert.All(FieldOf<byte[]>(source, "_random"), random => Assert.Equal(0, random));
    }

    [Fact]
    public void A_buffer_too_short_for_a_nonce_is_a_callers_bug_and_costs_no_random_bytes()
    {
        int draws = 0;
        var source = new NonceSource(_ => draws++);

        Assert.Throws<ArgumentOutOfRangeException>(() => source.Write(new char[NonceSource.NonceLength - 1]));
        Assert.Equal(0, draws);
    }

    [Fact]
    public void Drawing_allocates_nothing_once_warm()
        => Assert.Equal(0, Allocation.OfWarmed(() =>
        {
            Span<char> nonce = stackalloc char[NonceSource.NonceLength];
            NonceSource.OfThread.Write(nonce);
        }));

    private static T FieldOf<T>(NonceSource source, string name) =>
        (T)typeof(NonceSource).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(source)!;

    private static string Next(NonceSource source)
    {
        Span<char> nonce = stackalloc char[NonceSource.NonceLength];
        source.Write(nonce);
        return nonce.ToString();
    }
}
