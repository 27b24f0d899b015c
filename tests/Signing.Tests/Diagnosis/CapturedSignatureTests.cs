namespace Signing.Tests.Diagnosis;

public sealed class CapturedSignatureTests
{
    private const string Mine = "(\"@method\" \"x-list\";bs \"@query-param\";name=\"a,b\");created=5;expires=9;keyid=\"me\"";

    [Theory]
    [InlineData($"sig={Mine}", "sig=:AQID:")]
    [InlineData($"a=(\"@path\");keyid=\"other\", sig={Mine}", "a=:/w==:, sig=:AQID:")]
    [InlineData($"sig={Mine}, a=(\"@path\");keyid=\"me\"", "a=:/w==:, sig=:AQID:")]
    [InlineData($"a=1;x, sig={Mine}", "b=:/w==:;x=1, sig=:AQID:")]
    [InlineData($"a=(\"@path\");keyid=\"me\", sig={Mine}", "sig=:AQID:")]
    [InlineData($"a=(\"@path\");keyid=\"me\", sig={Mine}", "a=1, sig=:AQID:")]
    [InlineData($"a=(\"@path\");keyid=\"me\", sig={Mine}", "a=(1 2);x, sig=:AQID:")]
    [InlineData($"a=(\"@path\");keyid=me, sig={Mine}", "a=:/w==:, sig=:AQID:")]
    [InlineData($"a=(\"@path\");created=5;tag=\"me\", sig={Mine}", "a=:/w==:, sig=:AQID:")]
    public void The_signature_of_the_key_that_is_meant_is_taken_whatever_stands_beside_it(string input, string signature)
    {
        CapturedSignature read = Read(input, signature)!;

        Assert.Equal(("sig", Mine, "me", 5L, 9L), (read.Label, read.Text, read.KeyId, read.Created, read.Expires));
        Assert.Equal(["\"@method\"", "\"x-list\";bs", "\"@query-param\";name=\"a,b\""], read.Components);
        Assert.Equal(";created=5;expires=9;keyid=\"me\"", read.Parameters);
        Assert.Equal([1, 2, 3], read.Value);
    }

    [Fact]
    public void The_first_counts_where_none_is_of_the_key()
    {
        CapturedSignature read = Read("a=1, b=(\"@path\");created=\"5\";expires=x;keyid=\"other\", c=(\"@method\");keyid=\"third\"", "b=:AQ==:, c=:Ag==:")!;

        Assert.Equal(("b", "other", null, null), (read.Label, read.KeyId, read.Created, read.Expires));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("sig=(\"@method\");keyid=\"me\"", "")]
    [InlineData("sig=(\"@method\");keyid=\"me\"", "sig=1")]
    [InlineData("sig=1", "sig=:AQ==:")]
    [InlineData("sig=(\"@method\"", "sig=:AQ==:")]
    public void Where_none_is_whole_there_is_none(string input, string signature) => Assert.Null(Read(input, signature));

    private static CapturedSignature? Read(string input, string signature) =>
        CapturedSignature.Read(new CapturedMessage().With("Signature-Input", input).With("Signature", signature), "me");
}
