namespace Signing.Tests.Diagnosis;

public sealed class ClockComparisonTests
{
    private const long Second = 1;
    private const long Minute = 60;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    private static readonly VerificationPolicy Policy = new() { MaxAge = TimeSpan.FromMinutes(5), FutureSkew = TimeSpan.FromSeconds(30) };

    private static long Now => MismatchCase.Now.ToUnixTimeSeconds();

    [Theory]
    [InlineData(0)]
    [InlineData(5 * Minute)]
    [InlineData(-30 * Second)]
    public void A_signature_of_the_present_has_nothing_wrong_with_its_time(long age) => Assert.Null(Said(age));

    [Theory]
    [InlineData((5 * Minute) + 1, "created lies 5 min 1 s before the moment the request was received: usually the signer's clock is behind")]
    [InlineData(-31 * Second, "created lies 0 min 31 s after the moment the request was received: usually the signer's clock is ahead")]
    [InlineData(59 * Minute, "created lies 59 min 0 s before")]
    [InlineData(Hour + Minute + 1, "created lies 1 h 1 min 1 s before")]
    [InlineData(Hour, "created lies 1 h 0 min 0 s before")]
    [InlineData(Day, "created lies 1 d 0 h 0 min before")]
    [InlineData((2 * Day) + (3 * Hour) + (4 * Minute), "created lies 2 d 3 h 4 min before")]
    [InlineData(-Day - (50 * Minute), "created lies 1 d 0 h 50 min after")]
    public void How_far_it_lies_and_on_which_side_is_said(long age, string said) => Assert.StartsWith(said, Said(age), StringComparison.Ordinal);

    [Theory]
    [InlineData(30 * Minute, true)]
    [InlineData(15 * Minute, false)]
    [InlineData(Hour, true)]
    [InlineData(-Hour, true)]
    [InlineData(Hour + 30, true)]
    [InlineData(Hour - 30, true)]
    [InlineData(Hour + 31, false)]
    [InlineData(Hour - 31, false)]
    [InlineData((5 * Hour) + (45 * Minute), true)]
    [InlineData(14 * Hour, true)]
    [InlineData((14 * Hour) + (15 * Minute), false)]
    [InlineData(-14 * Hour, true)]
    public void Whole_quarters_of_an_hour_within_the_zones_of_the_world_are_local_time(long age, bool isZone) =>
        Assert.Equal(isZone, Said(age)!.Contains("local time was taken for UTC", StringComparison.Ordinal));

    [Theory]
    [InlineData(120, 30, null)]
    [InlineData(120, 31, "expires lies 0 min 31 s before the moment the request was received; sign each attempt")]
    [InlineData(0, 90, "expires lies 1 min 30 s before")]
    [InlineData(301, 31, "created lies 5 min 1 s before")]
    [InlineData(-1, 31, "created lies 0 min 1 s after")]
    public void An_end_that_has_passed_is_said_of_a_signature_that_is_not_too_old(long age, long ended, string? said)
    {
        string? why = Said(age, $";expires={Now - ended}");

        Assert.True(said is null ? why is null : why!.StartsWith(said, StringComparison.Ordinal), why);
    }

    [Fact]
    public void Milliseconds_are_told_from_a_clock_that_is_wrong() =>
        Assert.Equal("created counts milliseconds; RFC 9421 section 2.3 counts seconds", ClockComparison.Compare(Of($";created={Now}000"), Policy, MismatchCase.Now)!.Value.Why);

    [Theory]
    [InlineData("")]
    [InlineData(";created=\"1\"")]
    [InlineData(";expires=1")]
    public void Nothing_is_said_where_no_time_says_when_it_was_made(string parameters) =>
        Assert.Null(ClockComparison.Compare(Of(parameters), Policy, MismatchCase.Now));

    private static string? Said(long age, string more = "") => ClockComparison.Compare(Of($";created={Now - age}{more}"), Policy, MismatchCase.Now)?.Why;

    private static CapturedSignature Of(string parameters) => CapturedSignature.OfBase($"\"@method\": GET\n\"@signature-params\": (\"@method\"){parameters}", default);
}
