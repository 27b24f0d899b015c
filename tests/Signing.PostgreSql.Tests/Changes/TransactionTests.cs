using System.Globalization;
using Npgsql;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Changes;

public sealed class TransactionTests(SharedServer server)
{
    private const string Limit = "SHOW idle_in_transaction_session_timeout";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_stops_in_the_middle_does_not_hold_what_others_wait_for_until_its_connection_breaks(bool alone)
    {
        var database = new Database(server.Source, new PostgreSqlOptions { Schema = await server.MakeSchemaAsync() });
        var transactions = new Transactions(database, new ChangeFeed());

        string limit = alone
            ? await transactions.RunAloneAsync((session, _, _) => AskAsync(session.Connection, Limit), Cancellation)
            : await transactions.RunAsync(async (session, _) => (await AskAsync(session.Connection, Limit), false), Cancellation);

        Assert.Equal("10s", limit);
        await using NpgsqlConnection after = await database.OpenAsync(Cancellation);
        Assert.Equal("0", await AskAsync(after, Limit));
    }

    [Fact]
    public async Task What_a_node_that_stood_still_was_doing_is_done_once_as_if_it_had_not()
    {
        string schema = await server.MakeSchemaAsync();
        var database = new Database(server.Source, new PostgreSqlOptions { Schema = schema });
        var feed = new ChangeFeed();
        int tries = 0;

        string answer = await new Transactions(database, feed).RunAloneAsync(
            async (session, notes, _) =>
            {
                notes.Add(new ChangeNote(ChangeKind.Everything));
                await RunAsync(session.Connection, $"INSERT INTO {schema}.master_key (version, sealed, created) VALUES (1, 'x', now())");
                if (++tries == 1)
                {
                    await StandStillAsync(session.Connection);
                }

                return "done";
            },
            Cancellation);

        Assert.Equal(("done", 2), (answer, tries));
        await using NpgsqlConnection after = await database.OpenAsync(Cancellation);
        Assert.Equal("1", await AskAsync(after, $"SELECT count(*)::text FROM {schema}.master_key"));
        Assert.Equal("1", await AskAsync(after, $"SELECT count(*)::text FROM {schema}.change"));
    }

    [Fact]
    public async Task A_node_that_stands_still_again_and_again_is_told_so()
    {
        var database = new Database(server.Source, new PostgreSqlOptions { Schema = await server.MakeSchemaAsync() });
        int tries = 0;

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => new Transactions(database, new ChangeFeed()).RunAsync(
            async (session, _) =>
            {
                tries++;
                await StandStillAsync(session.Connection);
                return (0, true);
            },
            Cancellation));

        Assert.Equal((Transactions.IdleInTransactionSessionTimeout, 2), (refusal.SqlState, tries));
    }

    // Until the server has given the session up; the next statement is told.
    private async Task StandStillAsync(NpgsqlConnection connection)
    {
        int session = connection.ProcessID;
        await RunAsync(connection, "SET LOCAL idle_in_transaction_session_timeout = '1ms'");
        await using NpgsqlCommand isThere = server.Source.CreateCommand(string.Create(CultureInfo.InvariantCulture, $"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {session})"));
        while ((bool)(await isThere.ExecuteScalarAsync(Cancellation))!)
        {
            await Task.Yield();
        }

        await RunAsync(connection, "SELECT 1");
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement)
    {
        await using NpgsqlCommand command = new(statement, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<string> AskAsync(NpgsqlConnection connection, string question)
    {
        await using NpgsqlCommand command = new(question, connection);
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
