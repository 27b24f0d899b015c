namespace Signing.Tests.Diagnosis;

public sealed class FieldComparisonTests
{
    [Theory]
    [InlineData("via", "1.1 a", "1.1 b", "for each hop")]
    [InlineData("te", "trailers", "", "for each hop")]
    [InlineData("x-tenant", "Acme", "acme", "only the case differs")]
    [InlineData("x-tenant", "acme", "other", "usually a proxy or a handler behind the signer writes")]
    [InlineData("content-type", "text/plain", "text/plain; charset=utf-8", "a parameter was added")]
    [InlineData("content-type", "text/plain", "text/html", "usually a proxy or a handler")]
    [InlineData("x-type", "text/plain", "text/plain; charset=utf-8", "usually a proxy or a handler")]
    [InlineData("date", "Sat, 21 Nov 2026 19:00:00 UTC", "Sat, 21 Nov 2026 19:00:00 GMT", "the same time in another form")]
    [InlineData("date", "Sat, 21 Nov 2026 19:00:01 UTC", "Sat, 21 Nov 2026 19:00:00 GMT", "usually a proxy or a handler")]
    [InlineData("accept", "a/b,c/d", "a/b, c/d", ".NET writes the field anew")]
    [InlineData("accept", "a/b, c/d", "a/b,c/d", "otherwise than by a comma and a space")]
    [InlineData("x-list", "a,b", "a, b", "otherwise than by a comma and a space")]
    [InlineData("x-list", "a \t,b", "a,\t b", "otherwise than by a comma and a space")]
    [InlineData("x-list", "a;\tb", "a; b", "otherwise than by a comma and a space")]
    [InlineData("x-list", "a, b, c", "c, b", "in another order or not all of them")]
    [InlineData("x-list", "a, b", "b, c", "usually a proxy or a handler")]
    [InlineData("x-list", "a, b", "a, b, c", "usually a proxy or a handler")]
    public void What_differs_in_a_field_is_said(string name, string signed, string seen, string said) =>
        Assert.Contains(said, FieldComparison.Compare(name, signed, seen).Why, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"a, b\",c", "\"a, b\", c", true)]
    [InlineData("\"a, b\", c", "\"a,b\", c", false)]
    [InlineData("\"a\\\", b\", c", "\"a\\\",b\", c", false)]
    [InlineData("\"a\", b", "\"a\",b", true)]
    public void A_comma_in_quotes_is_no_comma_of_a_list(string signed, string seen, bool areSpacesAlone) =>
        Assert.Equal(areSpacesAlone, FieldComparison.Compare("x-list", signed, seen).Why.StartsWith("only spaces differ", StringComparison.Ordinal));
}
