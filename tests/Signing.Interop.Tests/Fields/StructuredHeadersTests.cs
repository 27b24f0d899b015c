using System.Text.RegularExpressions;

namespace Signing.Interop.Tests.Fields;

/// <summary>Our reader and writer of structured fields against structured-headers of npm. Where they part, the RFC is with ours.</summary>
public sealed partial class StructuredHeadersTests(GeneratedFields fields) : IClassFixture<GeneratedFields>
{
    [Fact]
    public void A_field_without_a_Date_means_the_same_to_both_sides()
    {
        Field[] undated = [.. fields.Undated];

        Assert.All(undated, static field => Assert.True(field.Ours == field.Theirs, field.ToString()));

        // A generator of which nothing, or everything, is valid would prove little.
        Assert.InRange(undated.Count(static field => field.Ours is not null), undated.Length / 4, undated.Length * 3 / 4);
    }

    [Fact]
    public void A_field_with_a_Date_means_the_same_to_both_sides_unless_it_is_the_Date_that_the_library_cannot_read()
    {
        Assert.All(fields.Dated, static pair =>
        {
            (Field field, Field withIntegers) = pair;
            Assert.True(field.Ours == field.Theirs || field.Theirs is null || field.Theirs.Contains("date NaN", StringComparison.Ordinal), field.ToString());
            Assert.True(withIntegers.Ours == withIntegers.Theirs, withIntegers.ToString());
        });
        Assert.InRange(fields.Dated.Count(static pair => pair.Field.Ours is not null && pair.Field.Ours == pair.Field.Theirs), 50, fields.All.Count);
    }

    [Fact]
    public void What_both_sides_read_they_write_alike_but_for_whole_Decimals_and_low_bytes_of_Display_Strings()
    {
        Field[] written = [.. fields.All.Where(static field => field.IsWrittenByBoth && !field.TheirForm!.Contains("@NaN", StringComparison.Ordinal))];

        Assert.All(written, static field => Assert.True(AsTheyWriteIt(field.OurForm!) == field.TheirForm, field.ToString()));
        Assert.InRange(written.Length, fields.All.Count / 5, fields.All.Count);
    }

    // RFC 9651 §4.2.9: what follows the digits of a Date is none of its business. The library refuses all but the end of the field.
    [Theory]
    [InlineData(FieldType.Item, "@1;a", "date 1;a=boolean true")]
    [InlineData(FieldType.Item, "@1 ", "date 1")]
    [InlineData(FieldType.List, "@1, 2", "date 1,number 2")]
    [InlineData(FieldType.List, "(@1 2)", "(date 1 number 2)")]
    public async Task A_Date_that_something_follows_is_refused_by_the_library_still(FieldType type, string text, string meaning)
    {
        Field field = await fields.ReadAsync(type, text);

        Assert.Equal((meaning, null), (field.Ours, field.Theirs));
    }

    // RFC 9651 §3.3.7 asks for the years 1 to 9999 only, and §4.2.4 permits 15 digits: neither side is wrong.
    [Fact]
    public async Task A_Date_beyond_the_calendar_of_JavaScript_has_no_value_in_the_library()
    {
        Field field = await fields.ReadAsync(FieldType.Item, "@999999999999999");

        Assert.Equal(("date 999999999999999", "date NaN"), (field.Ours, field.Theirs));
    }

    // RFC 9651 §4.1.5: a Decimal is written with at least one digit after the point. JavaScript does not tell 1.0 from 1.
    // RFC 9651 §4.1.11: a byte of a Display String is written with two digits.
    [Theory]
    [InlineData("1.0", "1.0", "1")]
    [InlineData("%\"%0f\"", "%\"%0f\"", "%\"%f\"")]
    public async Task The_library_still_writes_these_in_a_form_of_its_own(string text, string ours, string theirs)
    {
        Field field = await fields.ReadAsync(FieldType.Item, text);

        Assert.Equal((ours, theirs), (field.OurForm, field.TheirForm));
    }

    private static string AsTheyWriteIt(string form) => LowByte().Replace(WholeDecimal().Replace(form, "$1"), "%$1");

    [GeneratedRegex("([0-9])[.]0(?![0-9])")]
    private static partial Regex WholeDecimal();

    [GeneratedRegex("%0([0-9a-f])")]
    private static partial Regex LowByte();
}
