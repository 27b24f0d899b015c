using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Changes;

/// <summary>Where the changes do not follow on what a node knew, it forgets everything; where they do, only what they concern.</summary>
public sealed class BrokenHistoryTests(SharedServer server) : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private ChangeWriter _writer = null!;
    private ListeningNode _node = null!;
    private string _schema = "";

    public async ValueTask InitializeAsync()
    {
        _schema = await server.MakeSchemaAsync();
        _writer = new ChangeWriter(server.Source, _schema);
        await _writer.WriteAsync(new ChangeNote(ChangeKind.Credential, "1"));
        await _writer.WriteAsync(new ChangeNote(ChangeKind.Credential, "2"));
        _node = await ListeningNode.StartAsync(server.ConnectionString, _schema, _clock, propagation => propagation.Listen = false);
        await _writer.WriteAsync(new ChangeNote(ChangeKind.Credential, "3"), new ChangeNote(ChangeKind.Credential, "3, too"));
        Assert.Equal("3: Credential 3, Credential 3, too", await AskAsync());
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_restored_backup_has_the_node_forget_everything()
    {
        await _writer.RunAsync($"UPDATE {_schema}.change_head SET number = 2; DELETE FROM {_schema}.change WHERE number > 2");

        Assert.Equal("everything before 2", await AskAsync());
        await _writer.WriteSilentlyAsync("3 again");
        Assert.Equal("3: Credential 3 again", await AskAsync());
        Assert.Single(_node.Log.Lines, line => line.StartsWith("Warning: The changes in PostgreSQL do not follow", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, "everything before 3")]
    [InlineData(4, "everything before 6")]
    public async Task A_restored_backup_is_noticed_even_if_it_has_as_many_changes_again(int changes, string expected)
    {
        await _writer.RunAsync($"UPDATE {_schema}.change_head SET number = 2; DELETE FROM {_schema}.change WHERE number > 2");
        for (int index = 0; index < changes; index++)
        {
            await _writer.WriteSilentlyAsync("another one");
        }

        Assert.Equal(expected, await AskAsync());
    }

    [Fact]
    public async Task A_restored_backup_is_noticed_even_if_nothing_is_known_of_the_last_number()
    {
        await _writer.RunAsync($"UPDATE {_schema}.change_head SET number = 4");
        Assert.Equal("everything before 4", await AskAsync());

        await _writer.RunAsync($"UPDATE {_schema}.change_head SET number = 2; DELETE FROM {_schema}.change WHERE number > 2");

        Assert.Equal("everything before 2", await AskAsync());
    }

    [Fact]
    public async Task A_node_that_was_away_for_longer_than_changes_are_kept_forgets_everything()
    {
        await _writer.RunAsync($"UPDATE {_schema}.change_head SET number = 10004; DELETE FROM {_schema}.change WHERE number <= 4");

        Assert.Equal("everything before 10004", await AskAsync());
    }

    [Fact]
    public async Task A_number_without_notes_has_the_node_forget_everything_once()
    {
        await _writer.RunAsync($"UPDATE {_schema}.change_head SET number = 4");
        Assert.Equal("everything before 4", await AskAsync());

        await _writer.WriteSilentlyAsync("5");

        Assert.Equal("5: Credential 5", await AskAsync());
    }

    [Fact]
    public async Task A_gap_between_changes_has_the_node_forget_everything()
    {
        await _writer.WriteSilentlyAsync("4");
        await _writer.WriteSilentlyAsync("5");
        await _writer.WriteSilentlyAsync("6");
        await _writer.RunAsync($"DELETE FROM {_schema}.change WHERE number = 5");

        Assert.Equal("everything before 6", await AskAsync());
    }

    [Fact]
    public async Task A_kind_of_change_that_a_later_version_writes_has_the_node_forget_everything()
    {
        await _writer.WriteSilentlyAsync("4");
        await _writer.WriteSilentlyAsync("5", (ChangeKind)99);

        Assert.Equal("everything before 5", await AskAsync());
    }

    private Task<string> AskAsync()
    {
        Assert.True(_node.Cache.IsQuiet);
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        return _node.Cache.NextAsync();
    }
}
