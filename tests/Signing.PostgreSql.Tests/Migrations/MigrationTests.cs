using Npgsql;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Migrations;

public sealed class MigrationTests(SharedServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_nodes_that_start_at_once_one_applies_the_steps_and_none_fails()
    {
        string schema = SharedServer.NewSchema();

        IReadOnlyList<int>[] applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostgreSqlMigrations.ApplyAsync(server.Source, schema, Cancellation)));

        IReadOnlyList<int> steps = Assert.Single(applied, steps => steps.Count > 0);
        Assert.Equal(steps.Distinct().Order(), steps);
        Assert.Empty(await PostgreSqlMigrations.GetMissingAsync(server.Source, schema, Cancellation));
    }

    [Fact]
    public async Task The_script_for_an_administrator_makes_the_same_tables_and_may_be_run_twice()
    {
        string schema = SharedServer.NewSchema();
        string other = await server.MakeSchemaAsync();
        Assert.NotEmpty(await PostgreSqlMigrations.GetMissingAsync(server.Source, schema, Cancellation));

        await RunAsync(PostgreSqlMigrations.Script(schema));
        await RunAsync(PostgreSqlMigrations.Script(schema));

        Assert.Empty(await PostgreSqlMigrations.GetMissingAsync(server.Source, schema, Cancellation));
        Assert.Equal(await ColumnsAsync(other), await ColumnsAsync(schema));
    }

    [Fact]
    public async Task Tables_of_a_later_version_stop_the_start()
    {
        string schema = await server.MakeSchemaAsync();
        await RunAsync($"INSERT INTO {schema}.migration (number, name) VALUES (9999, 'later')");

        PostgreSqlStartException refusal = await Assert.ThrowsAsync<PostgreSqlStartException>(() => PostgreSqlMigrations.ApplyAsync(server.Source, schema, Cancellation));

        Assert.Equal(PostgreSqlStartFault.LaterTables, refusal.Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Signing")]
    [InlineData("1a")]
    [InlineData("a b")]
    [InlineData("a;drop")]
    public async Task A_schema_that_would_need_quoting_is_refused(string schema)
    {
        Assert.Throws<ArgumentException>(() => PostgreSqlMigrations.Script(schema));
        await Assert.ThrowsAsync<ArgumentException>(() => PostgreSqlMigrations.ApplyAsync(server.Source, schema, Cancellation));
    }

    private async Task RunAsync(string text)
    {
        await using NpgsqlCommand command = server.Source.CreateCommand(text);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<List<string>> ColumnsAsync(string schema)
    {
        await using NpgsqlCommand command = server.Source.CreateCommand(
            $"SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns WHERE table_schema = '{schema}' ORDER BY 1");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(Cancellation);
        List<string> columns = [];
        while (await reader.ReadAsync(Cancellation))
        {
            columns.Add(reader.GetString(0));
        }

        return columns;
    }
}
