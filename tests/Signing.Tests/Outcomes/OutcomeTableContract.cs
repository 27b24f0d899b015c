namespace Signing.Tests.Outcomes;

/// <summary>What every list of outcomes beyond the protocol's own must hold; each list's test class inherits it.</summary>
public abstract class OutcomeTableContract<TStatus>(Func<TStatus, Outcome> of)
    where TStatus : struct, Enum
{
    [Fact]
    public void Each_value_has_a_code_a_sentence_and_a_remedy() => Assert.All(Enum.GetValues<TStatus>(), status =>
    {
        Outcome outcome = of(status);

        Assert.Matches("^[a-z]+(_[a-z]+)*$", outcome.Code);
        Assert.Matches("^[A-Z].*\\.$", outcome.Sentence);
        Assert.Matches("^[A-Z].*\\.$", outcome.Remedy);
        Assert.Contains(outcome.HttpStatus, new[] { 200, 401, 403, 429, 500, 503 });
    });

    [Fact]
    public void No_two_values_share_a_code()
    {
        string[] codes = [.. Enum.GetValues<TStatus>().Select(status => of(status).Code)];

        Assert.Equal(codes.Length, codes.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1000)]
    public void A_value_without_a_name_has_no_row(int value)
        => Assert.Throws<ArgumentOutOfRangeException>(() => of((TStatus)Enum.ToObject(typeof(TStatus), value)));

    /// <summary>Checks one row, which the inheriting class has from the outcome table of the design.</summary>
    protected void IsTold(TStatus status, string code, int httpStatus, Disclosure disclosure)
    {
        Outcome outcome = of(status);

        Assert.Equal((code, httpStatus, disclosure), (outcome.Code, outcome.HttpStatus, outcome.Disclosure));
    }
}
