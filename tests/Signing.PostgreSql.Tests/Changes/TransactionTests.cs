using Npgsql;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Changes;

public sealed class TransactionTests(SharedServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_stops_in_the_middle_does_not_hold_what_others_wait_for_until_its_connection_breaks(bool alone)
    {
        var database = new Database(server.Source, new PostgreSqlOptions { Schema = await server.MakeSchemaAsync() });
        var transactions = new Transactions(database, new ChangeFeed());

        string limit = alone
            ? await transactions.RunAloneAsync((session, _, _) => LimitOfAsync(session.Connection), Cancellation)
            : await transactions.RunAsync(async (session, _) => (await LimitOfAsync(session.Connection), false), Cancellation);

        Assert.Equal("10s", limit);
        await using NpgsqlConnection after = await database.OpenAsync(Cancellation);
        Assert.Equal("0", await LimitOfAsync(after));
    }

    private static async Task<string> LimitOfAsync(NpgsqlConnection connection)
    {
        await using NpgsqlCommand command = new("SHOW idle_in_transaction_session_timeout", connection);
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
