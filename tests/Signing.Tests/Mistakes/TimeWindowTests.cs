using System.Globalization;
using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "15")]
public sealed class TimeWindowTests(Apis apis) : MistakeTests(apis)
{
    private const int Minute = 60;
    private const int Hour = 60 * Minute;
    private const int Day = 24 * Hour;

    [Theory]
    [InlineData(Hour, "created_in_future")]
    [InlineData(Day, "created_in_future")]
    [InlineData(6, "created_in_future")]
    [InlineData(-Day, "too_old")]
    [InlineData(-Hour, "too_old")]
    [InlineData((-5 * Minute) - 1, "too_old")]
    [Trait("Protocol", "V4")]
    public Task A_signature_from_outside_the_window_is_refused(int seconds, string code) =>
        ProveAsync(code, draft => draft.Created = draft.Created.AddSeconds(seconds));

    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    [InlineData(-5 * Minute)]
    [Trait("Protocol", "V4")]
    public async Task A_signature_from_the_edge_of_the_window_is_accepted(int seconds)
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft draft = api.Draft();
            draft.Created = draft.Created.AddSeconds(seconds);
            await api.AcceptsAsync(draft);
        }
    }

    [Theory]
    [InlineData("created")]
    [InlineData("keyid")]
    [Trait("Protocol", "V1")]
    public Task Without_created_and_keyid_there_is_nothing_to_verify(string name) => ProveAsync(
        "missing_parameter",
        draft => draft.Parameters = name == "created" ? $";keyid=\"{ApiHost.Key}\"" : ";created=" + Seconds(draft, 0));

    [Theory]
    [InlineData(-10, 4)]
    [InlineData(-7, 1)]
    [InlineData(-4 * Minute, 1 * Minute)]
    [Trait("Protocol", "V4")]
    public Task An_expired_signature_is_refused(int created, int lifetime) => ProveAsync("expired_signature", draft => Expire(draft, created, lifetime));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(-5, 0)]
    [InlineData(0, Hour)]
    [Trait("Protocol", "V4")]
    public async Task A_signature_that_has_not_expired_by_either_clock_is_accepted(int created, int lifetime)
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft draft = api.Draft();
            Expire(draft, created, lifetime);
            await api.AcceptsAsync(draft);
        }
    }

    [Theory]
    [InlineData(999999999999)]
    [InlineData(999999999999999)]
    [InlineData(Day)]
    [InlineData(Hour + 1)]
    [Trait("Protocol", "V4")]
    [Trait("Protocol", "P4")]
    public Task A_signature_that_wants_to_live_too_long_is_refused(long lifetime) => ProveAsync(
        "lifetime_too_long",
        draft => draft.MoreParameters = $";expires={Math.Min(lifetime > Day ? lifetime : draft.Created.ToUnixTimeSeconds() + lifetime, 999999999999999)}");

    [Theory]
    [InlineData(-1)]
    [InlineData(-Hour)]
    [InlineData(-1893495610)]
    [Trait("Protocol", "P4")]
    public Task A_signature_that_ends_before_it_begins_is_refused(int lifetime) =>
        ProveAsync("malformed_signature_input", draft => Expire(draft, 0, lifetime));

    private static void Expire(RequestDraft draft, int created, long lifetime)
    {
        draft.Created = draft.Created.AddSeconds(created);
        draft.MoreParameters = ";expires=" + Seconds(draft, lifetime);
    }

    private static string Seconds(RequestDraft draft, long more) => (draft.Created.ToUnixTimeSeconds() + more).ToString(CultureInfo.InvariantCulture);
}
