using Signing.Tests.Support;

namespace Signing.Tests.Diagnosis;

public sealed class PresignedDiagnosisTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public void A_presigned_URL_is_judged_by_the_signature_in_it(string method)
    {
        var diagnosis = Diagnose(Presigned() with { MethodText = method });

        Assert.Equal(SignatureStatus.Verified, diagnosis.Status);
        Assert.Empty(diagnosis.Differences);
        Assert.StartsWith("\"@method\": GET\n\"@authority\": api.example.com\n\"@path\": /v1/orders\n\"@query\": ?b=1&a=2\n\"@signature-params\": ", diagnosis.SeenBase, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_proxy_made_of_a_presigned_URL_is_found_by_the_key()
    {
        var sent = Presigned();
        var received = (sent with { Target = sent.Target.Replace("/v1/", "/", StringComparison.Ordinal) }).With("X-Forwarded-Prefix", "/v1");

        var difference = Assert.Single(Diagnose(received).Differences);

        Assert.Equal(("\"@path\"", MismatchCause.PathPrefixStripped), (difference.Component, difference.Cause));
    }

    [Fact]
    public void The_address_that_was_called_may_be_the_presigned_one()
    {
        var sent = Presigned();

        var difference = Assert.Single(Diagnose(sent with { Target = sent.Target.Replace("b=1&a=2", "x=3", StringComparison.Ordinal) }, calledAddress: "https://api.example.com" + sent.Target).Differences, one => one.Cause == MismatchCause.QueryDropped);

        Assert.Equal(("\"@query\"", "?b=1&a=2", "?x=3"), (difference.Component, difference.Signed, difference.Seen));
    }

    [Fact]
    public void A_presigned_URL_that_is_past_its_end_is_expired_whatever_the_age_of_a_signature_may_be()
    {
        Assert.Equal(SignatureStatus.Verified, Diagnose(Presigned(), MismatchCase.Now + Lifetime).Status);

        var diagnosis = Diagnose(Presigned(), MismatchCase.Now + Lifetime + TimeSpan.FromSeconds(1));

        Assert.Equal(SignatureStatus.ExpiredSignature, diagnosis.Status);
        Assert.Empty(diagnosis.Differences);
        Assert.Contains("get a new one", diagnosis.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_presigned_URL_covers_no_content() =>
        Assert.Equal(SignatureStatus.MissingDigest, Diagnose(Presigned() with { Content = "tea"u8.ToArray() }).Status);

    [Fact]
    public void A_presigned_URL_of_another_key_is_no_wrong_secret()
    {
        var diagnosis = RequestDiagnosis.Diagnose(Presigned(), [], "another_key", MismatchCases.Secret + "x", new RequestCircumstances { ReceivedAt = MismatchCase.Now });

        Assert.Equal(MismatchCause.OtherSignature, Assert.Single(diagnosis.Differences).Cause);
        Assert.Equal(SignatureStatus.InvalidCredential, diagnosis.Status);
    }

    [Fact]
    public void A_key_with_the_right_secret_and_another_name_does_not_verify_a_presigned_URL() =>
        Assert.Equal(
            SignatureStatus.InvalidCredential,
            RequestDiagnosis.Diagnose(Presigned(), [], "another_key", MismatchCases.Secret, new RequestCircumstances { ReceivedAt = MismatchCase.Now }).Status);

    [Fact]
    public void A_wrong_secret_is_named()
    {
        var diagnosis = RequestDiagnosis.Diagnose(Presigned(), [], MismatchCase.KeyId, "acme_secret_test_of_another_environment", new RequestCircumstances { ReceivedAt = MismatchCase.Now });

        Assert.Equal(MismatchCause.WrongSecret, Assert.Single(diagnosis.Differences).Cause);
        Assert.Equal(SignatureStatus.InvalidCredential, diagnosis.Status);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("&more=1")]
    public void A_presigned_URL_that_is_damaged_has_no_base(string tail)
    {
        var sent = Presigned();

        var diagnosis = Diagnose(sent with { Target = sent.Target + tail });

        Assert.Equal((SignatureStatus.MalformedSignature, null), (diagnosis.Status, diagnosis.SeenBase));
    }

    [Fact]
    public void A_signature_in_header_fields_counts_before_one_in_the_URL()
    {
        var sent = Presigned();
        var signed = new MismatchCase("both", "", MismatchCause.Unknown) { Sent = sent with { Target = sent.Target + "x" } }.Sign();

        var diagnosis = Diagnose(signed);

        Assert.Equal(SignatureStatus.Verified, diagnosis.Status);
        Assert.Contains("&signature=", diagnosis.SeenBase, StringComparison.Ordinal);
    }

    private static CapturedMessage Presigned()
    {
        using var key = new SigningKey(MismatchCase.KeyId, MismatchCases.Secret);
        var url = new UrlSigner(key, new ManualTimeProvider(MismatchCase.Now)).Presign(new Uri("https://api.example.com/v1/orders?b=1&a=2"), Lifetime);
        return new CapturedMessage { Target = url["https://api.example.com".Length..] };
    }

    private static RequestDiagnosis Diagnose(CapturedMessage received, DateTimeOffset? receivedAt = null, string? calledAddress = null) => RequestDiagnosis.Diagnose(
        received, received.Content, MismatchCase.KeyId, MismatchCases.Secret, new RequestCircumstances { ReceivedAt = receivedAt ?? MismatchCase.Now, CalledAddress = calledAddress });
}
