namespace Signing.Tests.Diagnosis;

public sealed class CalledAddressTests
{
    [Theory]
    [InlineData("https://api.example.com:8443/orders/7#top", "api.example.com:8443", "/orders/7")]
    [InlineData("https://api.example.com", "api.example.com", "/")]
    [InlineData("https://[2001:db8::1]:8443/orders/7?x=1", "[2001:db8::1]:8443", "/orders/7?x=1")]
    public void The_address_that_was_called_tells_the_host_that_a_proxy_took_away(string called, string authority, string target)
    {
        var one = new MismatchCase("called", "", MismatchCause.Unknown) { Sent = new() { AuthorityText = authority, Target = target }, Way = static message => message with { AuthorityText = "10.0.0.5" } };
        var received = one.Receive(one.Sign());

        Assert.Equal([("\"@authority\"", MismatchCause.AuthorityRewritten)], Differences(received, called));
        Assert.Equal([("\"signature\"", MismatchCause.WrongSecret)], Differences(received, null));
    }

    [Fact]
    public void Without_it_a_request_that_nothing_fits_is_told_to_name_it()
    {
        var received = new MismatchCase("called", "", MismatchCause.Unknown) { SignersSecret = "acme_secret_test_of_another_environment" }.Sign();

        Assert.Contains("signing explain --called URL", Diagnose(received, null).Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("--called", Diagnose(received, "https://api.example.com/orders/7").Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/files/a b?x=1", "\"@path\"", MismatchCause.PathDecoded)]
    [InlineData("/files/caf\u00e9", "\"@path\"", MismatchCause.PathDecoded)]
    [InlineData("/files?q=a b", "\"@query\"", MismatchCause.QueryReencoded)]
    public void A_request_line_that_a_log_has_decoded_is_told_so(string target, string component, MismatchCause cause)
    {
        var received = new MismatchCase("decoded", "", MismatchCause.Unknown).Sign() with { Target = target };

        var difference = Assert.Single(Diagnose(received, null).Differences);

        Assert.Equal((component, cause), (difference.Component, difference.Cause));
        Assert.Contains("have to be percent-encoded in a request line", difference.Sentence, StringComparison.Ordinal);
    }

    private static IEnumerable<(string, MismatchCause)> Differences(CapturedMessage received, string? called) => Diagnose(received, called).Differences.Select(one => (one.Component, one.Cause));

    private static RequestDiagnosis Diagnose(CapturedMessage received, string? called) => RequestDiagnosis.Diagnose(
        received, received.Content, MismatchCase.KeyId, MismatchCases.Secret, new RequestCircumstances { ReceivedAt = MismatchCase.Now, CalledAddress = called });
}
