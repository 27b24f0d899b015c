using System.Text;

namespace Signing.Tests.Fields;

/// <summary>The reader of structured fields as a program uses it that reads fields of its own.</summary>
public sealed class StructuredFieldReaderTests
{
    [Theory]
    [InlineData("\"a\\\"b\\\\c\"", "a\"b\\c")]
    [InlineData("\"abc\"", "abc")]
    [InlineData("\"\"", "")]
    public void A_String_is_copied_without_its_escapes_into_as_much_room_as_it_takes(string text, string expected)
    {
        var reader = new StructuredFieldReader(text);
        Assert.True(reader.TryReadBareItem(out BareItem item));
        var destination = new char[expected.Length];

        Assert.True(item.TryCopyString(destination, out int written));
        Assert.Equal((expected, expected.Length), (new string(destination), written));
        Assert.False(expected.Length > 0 && item.TryCopyString(destination.AsSpan(1), out written));
        Assert.Equal(0, expected.Length > 0 ? written : 0);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("1")]
    [InlineData("?1")]
    [InlineData(":YWJj:")]
    [InlineData("%\"abc\"")]
    public void What_is_no_String_is_not_copied_as_one(string text)
    {
        var reader = new StructuredFieldReader(text);
        Assert.True(reader.TryReadBareItem(out BareItem item));

        Assert.False(item.TryCopyString(new char[8], out int written));
        Assert.Equal(0, written);
    }

    [Theory]
    [InlineData(":YWJj:", 3)]
    [InlineData(":YWI=:", 2)]
    [InlineData(":YWI:", 2)]
    [InlineData(":YQ==:", 1)]
    [InlineData("::", 0)]
    public void Bytes_are_decoded_into_as_much_room_as_they_take(string text, int length)
    {
        var reader = new StructuredFieldReader(text);
        Assert.True(reader.TryReadBareItem(out BareItem item));
        var destination = new byte[length];

        Assert.True(item.TryDecodeBytes(destination, out int written));
        Assert.Equal(("abc"[..length], length), (Encoding.ASCII.GetString(destination), written));
        Assert.False(length > 0 && item.TryDecodeBytes(destination.AsSpan(1), out written));
        Assert.Equal(0, length > 0 ? written : 0);
    }

    [Fact]
    public void Bytes_of_any_number_are_decoded_as_they_were_encoded()
    {
        for (int length = 0; length < 800; length++)
        {
            byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
            var reader = new StructuredFieldReader($":{Convert.ToBase64String(bytes)}:");
            byte[] decoded = new byte[length];
            Assert.True(reader.TryReadBareItem(out BareItem item) && item.TryDecodeBytes(decoded, out _));
            Assert.Equal(bytes, decoded);
        }
    }

    // The first character beyond ASCII is where a table of ASCII ends.
    [Theory]
    [InlineData("\u0080")]
    [InlineData("a\u0080")]
    [InlineData("a=1;\u0080")]
    [InlineData("a=1;b\u0080")]
    [InlineData("a=\u0080")]
    [InlineData("a=b\u0080")]
    public void The_first_character_beyond_ASCII_stands_in_no_key_and_no_token(string text)
    {
        var reader = new StructuredFieldReader(text);
        while (reader.TryReadKey(out _) && reader.TryReadBareItem(out _))
        {
            while (reader.TryReadParameter(out _, out _))
            {
            }
        }

        Assert.True(reader.Failed || !reader.TryReadEnd());
        Assert.True(reader.Failed);
    }

    [Theory]
    [InlineData("====")]
    [InlineData("AAAA====")]
    [InlineData("AAA==")]
    [InlineData("AA===")]
    [InlineData("A===")]
    [InlineData("AA=A")]
    public void Padding_stands_behind_the_digits_that_need_it_and_nowhere_else(string digits) =>
        Assert.False(new StructuredFieldReader($":{digits}:").TryReadBareItem(out _));

    [Theory]
    [InlineData("%abc\"")]
    [InlineData("%\"abc")]
    [InlineData("%")]
    [InlineData("%\"caf\u00e9\"")]
    [InlineData("%\"a\tb\"")]
    [InlineData("%\"%4\"")]
    [InlineData("%\"%g0\"")]
    [InlineData("%\"%0g\"")]
    [InlineData("%\"%:0\"")]
    [InlineData("%\"%0:\"")]
    [InlineData("%\"%C3%A9\"")]
    [InlineData("%\"%c3\"")]
    [InlineData("%\"%80\"")]
    public void What_is_no_Display_String_is_not_read_as_one(string text) => Assert.False(new StructuredFieldReader(text).TryReadBareItem(out _));

    [Theory]
    [InlineData("a=1 b=2, c=3;d=4", "key bare key")]
    [InlineData("a=1,", "key bare key")]
    [InlineData("a=1, %", "key bare key")]
    [InlineData("a=%, c=3;d=4", "key bare")]
    [InlineData("a=1;=2;c=3", "key bare parameter")]
    [InlineData("a=1;b=%;c=3", "key bare parameter")]
    [InlineData("(1\"x\" 2) ;a (b", "start inner inner")]
    [InlineData("(1 % 2) ;a (b", "start inner inner")]
    [InlineData("1 2", "bare end")]
    public void A_reader_that_has_failed_reads_nothing_more(string text, string steps)
    {
        var reader = new StructuredFieldReader(text);
        foreach (string step in steps.Split(' '))
        {
            Assert.False(reader.Failed);
            bool isRead = step switch
            {
                "key" => reader.TryReadKey(out _),
                "start" => reader.TryReadInnerListStart(),
                "inner" => reader.TryReadInnerItem(out _),
                "parameter" => reader.TryReadParameter(out _, out _),
                "end" => reader.TryReadEnd(),
                _ => reader.TryReadBareItem(out _),
            };
            Assert.NotEqual(isRead, reader.Failed);
        }

        Assert.True(reader.Failed);
        int position = reader.Position;
        Assert.False(reader.TryReadKey(out _));
        Assert.False(reader.TryReadListMember());
        Assert.False(reader.TryReadBareItem(out _));
        Assert.False(reader.TryReadInnerListStart());
        Assert.False(reader.TryReadInnerItem(out _));
        Assert.False(reader.TryReadParameter(out _, out _));
        Assert.Equal(position, reader.Position);
        Assert.False(reader.TryReadEnd());
    }
}
