using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Changes;

/// <summary>Nodes of which some clocks stand still: then nothing is polled for, and what arrives came by a notification.</summary>
public sealed class PropagationTests(SharedServer server)
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task A_change_reaches_every_other_node_by_its_notification_alone()
    {
        (ChangeWriter writer, string schema) = await MakeAsync();
        await using ListeningNode first = await ListenAsync(schema);
        await using ListeningNode second = await ListenAsync(schema);

        await writer.WriteAsync(new ChangeNote(ChangeKind.Credential, "a"), new ChangeNote(ChangeKind.Workspace, "b"));
        await writer.WriteAsync(new ChangeNote(ChangeKind.MasterKey));

        foreach (ListeningNode node in (ListeningNode[])[first, second])
        {
            Assert.Equal("1: Credential a, Workspace b", await node.Cache.NextAsync());
            Assert.Equal("2: MasterKey ", await node.Cache.NextAsync());
        }
    }

    [Fact]
    public async Task Changes_of_many_writers_arrive_each_once_and_in_their_order()
    {
        (ChangeWriter writer, string schema) = await MakeAsync();
        await using ListeningNode node = await ListenAsync(schema);

        long[] numbers = await Task.WhenAll(Enumerable.Range(0, 200).Select(index => writer.WriteAsync(new ChangeNote(ChangeKind.Grant, $"{index}"))));

        foreach (long number in numbers.Order())
        {
            Assert.Equal($"{number}: Grant {Array.IndexOf(numbers, number)}", await node.Cache.NextAsync());
        }

        Assert.Equal(Enumerable.Range(1, 200).Select(number => (long)number), numbers.Order());
    }

    [Fact]
    public async Task A_change_whose_notification_was_lost_comes_with_that_of_the_next_one()
    {
        (ChangeWriter writer, string schema) = await MakeAsync();
        await using ListeningNode node = await ListenAsync(schema);

        await writer.WriteSilentlyAsync("lost");
        await writer.WriteAsync(new ChangeNote(ChangeKind.Credential, "told"));

        Assert.Equal("1: Credential lost", await node.Cache.NextAsync());
        Assert.Equal("2: Credential told", await node.Cache.NextAsync());
    }

    [Fact]
    public async Task A_change_of_which_no_notification_comes_is_found_by_asking_when_the_interval_is_over_and_not_before()
    {
        (ChangeWriter writer, string schema) = await MakeAsync();
        await using ListeningNode node = await ListenAsync(schema, propagation =>
        {
            // A listener asks once more when it has begun to listen, whenever that is.
            propagation.Listen = false;
            propagation.PollInterval = TimeSpan.FromMilliseconds(700);
        });
        await writer.WriteSilentlyAsync("lost");

        _clock.Advance(TimeSpan.FromMilliseconds(699));
        Assert.True(node.Cache.IsQuiet);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("1: Credential lost", await node.Cache.NextAsync());
    }

    [Fact]
    public async Task A_node_behind_a_transaction_pooler_does_not_listen_and_finds_changes_by_asking()
    {
        (ChangeWriter writer, string schema) = await MakeAsync();
        await using ListeningNode node = await ListenAsync(schema, propagation => propagation.Listen = false);

        await writer.WriteAsync(new ChangeNote(ChangeKind.Credential, "a"));
        _clock.Advance(TimeSpan.FromMilliseconds(500));

        Assert.Equal("1: Credential a", await node.Cache.NextAsync());
        Assert.Equal(1, await writer.CountAsync($"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{node.Name}'"));
    }

    [Fact]
    public async Task A_node_whose_notifications_never_arrive_says_so_once()
    {
        (ChangeWriter writer, string schema) = await MakeAsync();
        await using ListeningNode node = await ListenAsync(schema);
        await writer.WriteAsync(new ChangeNote(ChangeKind.Credential, "told"));
        Assert.Equal("1: Credential told", await node.Cache.NextAsync());
        Assert.DoesNotContain(node.Log.Lines, IsOfThePooler);

        for (int number = 2; number < 8; number++)
        {
            await writer.WriteSilentlyAsync("silent");
            _clock.Advance(TimeSpan.FromMilliseconds(500));
            Assert.Equal($"{number}: Credential silent", await node.Cache.NextAsync());
        }

        Assert.Single(node.Log.Lines, IsOfThePooler);

        static bool IsOfThePooler(string line) => line.StartsWith("Warning: Changes come without notifications", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listening_connection_that_is_killed_is_replaced_and_what_changed_meanwhile_is_found()
    {
        (ChangeWriter writer, string schema) = await MakeAsync();
        await using ListeningNode node = await ListenAsync(schema);
        await writer.WriteAsync(new ChangeNote(ChangeKind.Credential, "before"));
        Assert.Equal("1: Credential before", await node.Cache.NextAsync());
        TaskCompletionSource isWaiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _clock.TimerStarted = isWaiting.SetResult;

        Assert.Equal(1, await writer.CountAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{node.Name}' AND query LIKE 'LISTEN%'"));
        await isWaiting.Task.WaitAsync(TestContext.Current.CancellationToken);
        await writer.WriteAsync(new ChangeNote(ChangeKind.Credential, "meanwhile"));
        Assert.True(node.Cache.IsQuiet);
        _clock.TimerStarted = null;
        _clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal("2: Credential meanwhile", await node.Cache.NextAsync());
        await writer.WriteAsync(new ChangeNote(ChangeKind.Credential, "after"));
        Assert.Equal("3: Credential after", await node.Cache.NextAsync());

        // The listener has woken the node before it says that it works; it waits for the next notification after that.
        await writer.WriteAsync(new ChangeNote(ChangeKind.Credential, "after that"));
        Assert.Equal("4: Credential after that", await node.Cache.NextAsync());
        Assert.Equal(["Warning: Notifications cannot", "Information: Notifications are"], node.Log.Lines.Select(line => string.Join(' ', line.Split(' ')[..3])));
    }

    [Fact]
    public async Task A_reading_connection_that_is_killed_costs_one_more_try()
    {
        (ChangeWriter writer, string schema) = await MakeAsync();
        await using ListeningNode node = await ListeningNode.StartAsync(server.ConnectionString, schema, TimeProvider.System, static propagation => propagation.Listen = false);
        Assert.Equal(1, await writer.CountAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{node.Name}'"));

        await writer.WriteAsync(new ChangeNote(ChangeKind.Credential, "after"));

        Assert.Equal("1: Credential after", await node.Cache.NextAsync());
        Assert.True(node.Feed.IsFresh);
    }

    private async Task<(ChangeWriter Writer, string Schema)> MakeAsync()
    {
        string schema = await server.MakeSchemaAsync();
        return (new ChangeWriter(server.Source, schema), schema);
    }

    private Task<ListeningNode> ListenAsync(string schema, Action<PropagationOptions>? configure = null) => ListeningNode.StartAsync(server.ConnectionString, schema, _clock, configure);
}
