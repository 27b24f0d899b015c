using System.Text;
using Signing.Tests.Reference;

namespace Signing.Tests.Fields;

/// <summary>RFC 9651 §3: fields as large as every parser has to read, written as the reference writes them.</summary>
public sealed class StructuredFieldSizesTests
{
    public static TheoryData<SfFieldType, string> Fields => new()
    {
        { SfFieldType.List, Many(1024, i => $"a{i}") },
        { SfFieldType.List, $"({string.Join(' ', Enumerable.Range(0, 256))})" },
        { SfFieldType.List, $"1{Many(256, i => $";a{i}={i}", "")}" },
        { SfFieldType.List, $"(1{Many(256, i => $";a{i}", "")} 2){Many(256, i => $";b{i}", "")}" },
        { SfFieldType.Dictionary, Many(1024, i => $"k{i}={i}") },
        { SfFieldType.Dictionary, $"a{Many(256, i => $";p{i}", "")}, b{Many(256, i => $";p{i}", "")}" },
        { SfFieldType.Dictionary, $"{new string('k', 64)}=1;{new string('p', 64)}=2" },
        { SfFieldType.Item, $"\"{new string('s', 1024)}\"" },
        { SfFieldType.Item, new string('t', 512) },
        { SfFieldType.Item, $":{ReferenceBase64.Encode(new byte[16_384])}:" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_as_large_as_every_parser_has_to_read_is_written(SfFieldType type, string text)
    {
        Assert.Equal(SfParser.TryParse(text, type)!.Serialize(), Write(text, type));
    }

    [Fact]
    public void A_member_is_found_among_as_many_as_every_parser_has_to_read()
    {
        var text = Many(1024, i => $"k{i}={i}");
        var buffer = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);

        Assert.True(StructuredFieldWriter.WriteMember(text, "k1023", ref buffer));
        Assert.False(StructuredFieldWriter.WriteMember(text, "k1024", ref buffer));
        Assert.Equal((false, "1023"), (buffer.Failed, Encoding.ASCII.GetString(buffer.Written)));
        buffer.Dispose();
    }

    [Theory]
    [InlineData(17)]
    [InlineData(100)]
    [InlineData(1024)]
    public void A_key_that_stands_there_twice_is_found_wherever_both_are(int keys)
    {
        for (var again = 0; again < keys; again += Math.Max(1, keys / 50))
        {
            var text = $"{Many(keys - 1, i => $"k{i}")}, k{Math.Min(again, keys - 2)}";
            var parameters = $"1{Many(Math.Min(keys, 256) - 1, i => $";k{i}", "")};k{Math.Min(again, Math.Min(keys, 256) - 2)}";

            Assert.Null(Write(text, SfFieldType.Dictionary));
            Assert.Null(Write(parameters, SfFieldType.Item));
        }
    }

    [Fact]
    public void More_keys_than_every_parser_has_to_read_are_refused()
    {
        Assert.Null(Write(Many(1025, i => $"k{i}"), SfFieldType.Dictionary));
        Assert.Null(Write($"1{Many(257, i => $";k{i}", "")}", SfFieldType.Item));
    }

    [Fact]
    public void What_follows_a_key_that_stands_there_twice_is_not_looked_at()
    {
        // Each of these would make the table of keys anew.
        var buffer = new BaseBuffer(new byte[BaseBuffer.InitialBytes]);
        var text = $"1{Many(16, i => $";k{i}", "")}{Many(5_000, _ => ";k0", "")}";
        var reader = new StructuredFieldReader(text);

        StructuredFieldWriter.WriteValue(ref reader, text, ref buffer);

        Assert.True(buffer.Failed);
        Assert.InRange(reader.Position, 0, 100);
        buffer.Dispose();
    }

    private static string Many(int count, Func<int, string> part, string separator = ", ") => string.Join(separator, Enumerable.Range(0, count).Select(part));

    // Null where it is refused.
    private static string? Write(string text, SfFieldType type)
    {
        var buffer = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        StructuredFieldWriter.WriteField(text, Enum.Parse<FieldType>(type.ToString()), ref buffer);
        var written = buffer.Failed ? null : Encoding.ASCII.GetString(buffer.Written);
        buffer.Dispose();
        return written;
    }
}
