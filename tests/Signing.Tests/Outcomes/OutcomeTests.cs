namespace Signing.Tests.Outcomes;

public sealed class OutcomeTests
{
    public static TheoryData<SignatureStatus> Statuses => [.. Enum.GetValues<SignatureStatus>()];

    [Theory, MemberData(nameof(Statuses))]
    public void The_wire_code_is_the_name_in_snake_case(SignatureStatus status)
    {
        string snakeCase = string.Concat(status.ToString().Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));

        Assert.Equal(snakeCase, Outcome.Of(status).Code);
    }

    [Theory, MemberData(nameof(Statuses))]
    public void What_happened_and_what_to_do_about_it_are_one_sentence_each(SignatureStatus status)
    {
        Outcome outcome = Outcome.Of(status);

        string[] texts = [outcome.Sentence, outcome.Remedy];
        Assert.All(texts, text =>
        {
            // Fits a log line and a WWW-Authenticate parameter without an escape.
            Assert.Matches("^[A-Z][^\"\\\\.]+(\\d\\.\\d)?[^\"\\\\.]*\\.$", text);
            Assert.All(text, c => Assert.InRange(c, ' ', '~'));
        });
        Assert.False(outcome.Sentence == outcome.Remedy);
    }

    [Fact]
    public void Codes_and_sentences_tell_the_outcomes_apart()
    {
        Outcome[] rows = [.. Enum.GetValues<SignatureStatus>().Select(Outcome.Of)];

        Assert.Equal(rows.Length, rows.Select(row => row.Code).ToHashSet(StringComparer.Ordinal).Count);
        Assert.Equal(rows.Length, rows.Select(row => row.Sentence).ToHashSet(StringComparer.Ordinal).Count);
    }

    [Theory, MemberData(nameof(Statuses))]
    public void Only_a_verified_signature_succeeds_and_nothing_answers_400_or_500(SignatureStatus status)
    {
        int expected = status switch
        {
            SignatureStatus.Verified => 200,
            SignatureStatus.BodyTooLarge => 413,
            SignatureStatus.ReplayQuotaExceeded => 429,
            SignatureStatus.ReplayStoreUnavailable or SignatureStatus.ReplayBeforeFloor => 503,
            _ => 401,
        };

        Assert.Equal(expected, Outcome.Of(status).HttpStatus);
    }

    [Theory, MemberData(nameof(Statuses))]
    public void What_is_found_out_before_the_MAC_is_told_to_anybody_and_the_rest_to_the_holder(SignatureStatus status)
    {
        Disclosure expected = status switch
        {
            SignatureStatus.NotVerified or SignatureStatus.InvalidCredential => Disclosure.AsInvalidCredential,
            SignatureStatus.Verified or >= SignatureStatus.MissingDigest => Disclosure.Holder,
            _ => Disclosure.Anybody,
        };

        Assert.Equal(expected, Outcome.Of(status).Disclosure);
    }

    [Fact]
    public void Zero_is_not_success() => Assert.Equal("not_verified", Outcome.Of(default).Code);

    [Theory]
    [InlineData(-1)]
    [InlineData(1000)]
    public void A_value_without_a_name_has_no_row(int value)
        => Assert.Throws<ArgumentOutOfRangeException>(() => Outcome.Of((SignatureStatus)value));

    [Fact]
    public void No_row_is_left_over()
    {
        int count = Enum.GetValues<SignatureStatus>().Length;

        Assert.NotNull(Outcome.Of((SignatureStatus)(count - 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Outcome.Of((SignatureStatus)count));
    }
}
