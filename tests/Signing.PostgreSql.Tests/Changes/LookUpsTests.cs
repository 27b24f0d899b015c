namespace Signing.PostgreSql.Tests.Changes;

/// <summary>What a node keeps of the database's answers: none that is older than a change it has heard of, and no more than it may.</summary>
public sealed class LookUpsTests
{
    private const int Capacity = 16;

    private readonly LookUps<string, string> _answers = new(Capacity, StringComparer.Ordinal);

    public static TheoryData<string> Changes => ["of the row", "of another row", "of some rows", "of everything"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void An_answer_that_has_not_seen_the_last_change_is_not_kept(string change)
    {
        Apply(6, change);

        _answers.Keep("key", "row", seen: 5);
        _answers.Keep("unknown", null, seen: 5);

        Assert.Equal((false, false), (IsKept("key"), IsKept("unknown")));
        _answers.Keep("key", "row", seen: 6);
        _answers.Keep("unknown", null, seen: 6);
        Assert.Equal((true, true), (IsKept("key"), IsKept("unknown")));
    }

    [Theory]
    [InlineData("of another row")]
    [InlineData("of some rows")]
    public void A_change_that_comes_late_lets_no_older_answer_in(string change)
    {
        Apply(6, change);
        Apply(4, change);

        _answers.Keep("key", "row", seen: 5);

        Assert.False(IsKept("key"));
    }

    [Fact]
    public void An_older_copy_of_the_database_is_remembered_from_its_own_number_on()
    {
        Apply(6, "of everything");
        Apply(3, "of everything");

        _answers.Keep("key", "row", seen: 2);
        Assert.False(IsKept("key"));
        _answers.Keep("key", "row", seen: 3);

        Assert.True(IsKept("key"));
    }

    [Theory]
    [InlineData("of the row", false, false, true)]
    [InlineData("of another row", true, true, true)]
    [InlineData("of some rows", false, false, true)]
    [InlineData("of everything", false, false, false)]
    public void A_change_takes_what_it_concerns_and_the_unknown_that_it_may_have_made_known(string change, bool row, bool unknown, bool other)
    {
        _answers.Keep("key", "row", seen: 1);
        _answers.Keep("unknown", null, seen: 1);
        _answers.Keep("other", "another row", seen: 1);

        Apply(2, change);
        if (change == "of the row")
        {
            _answers.Forget(2, "unknown");
        }

        Assert.Equal((row, unknown, other), (IsKept("key"), IsKept("unknown"), IsKept("other")));
    }

    [Fact]
    public void A_later_answer_takes_the_place_of_an_earlier_one()
    {
        _answers.Keep("key", "row", seen: 1);
        _answers.Keep("key", null, seen: 1);
        Assert.True(_answers.TryGet("key", out string? row));
        Assert.Null(row);

        _answers.Keep("key", "row again", seen: 1);
        Assert.True(_answers.TryGet("key", out row));
        Assert.Equal("row again", row);
    }

    [Fact]
    public void A_flood_of_unknown_keys_costs_no_row_and_no_more_memory_than_there_may_be()
    {
        _answers.Keep("key", "row", seen: 1);
        string[] madeUp = [.. Enumerable.Range(0, 1_000).Select(number => $"made up {number}")];
        foreach (string key in madeUp)
        {
            _answers.Keep(key, null, seen: 1);
        }

        Assert.True(IsKept("key"));
        Assert.InRange(madeUp.Count(IsKept), 1, Capacity);
        foreach (string key in madeUp)
        {
            _answers.Keep(key, "row", seen: 1);
        }

        Assert.InRange(madeUp.Count(IsKept), 1, Capacity);
    }

    [Theory]
    [InlineData("row")]
    [InlineData(null)]
    public void What_came_and_went_leaves_all_the_room_that_there_was(string? row)
    {
        for (int number = 0; number < 3 * Capacity; number++)
        {
            _answers.Keep("key", row, seen: 1);
            _answers.Keep("key", row is null ? "row" : null, seen: 1);
            _answers.Keep("key", row, seen: 1);
            _answers.Keep("key", row, seen: 1);
            Apply(1, number % 2 == 0 ? "of the row" : "of some rows");
        }

        string[] keys = [.. Enumerable.Range(0, Capacity).Select(number => $"key {number}")];
        Array.ForEach(keys, key => _answers.Keep(key, row, seen: 1));

        Assert.Equal(Capacity, keys.Count(IsKept));
    }

    [Fact]
    public void A_row_that_was_unknown_is_asked_for_again_when_there_is_no_more_room_for_it()
    {
        LookUps<string, string> one = new(capacity: 1);
        one.Keep("key", null, seen: 1);
        one.Keep("key", "row", seen: 1);

        one.Keep("other", "another row", seen: 1);

        Assert.False(one.TryGet("key", out _));
    }

    private void Apply(long number, string change)
    {
        switch (change)
        {
            case "of the row":
                _answers.Forget(number, "key");
                break;
            case "of another row":
                _answers.Forget(number, "a row that is not kept");
                break;
            case "of some rows":
                _answers.Forget(number, row => row == "row");
                break;
            default:
                _answers.ForgetAll(number);
                break;
        }
    }

    private bool IsKept(string key) => _answers.TryGet(key, out _);
}
