using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Changes;

public sealed partial class ChangePlanTests(SharedServer server)
{
    [Fact]
    public async Task Asking_what_has_changed_is_estimated_to_cost_a_tenth_of_what_the_server_compiles_statements_for()
    {
        string schema = await server.MakeSchemaAsync();
        await using NpgsqlCommand fill = server.Source.CreateCommand(
            $"INSERT INTO {schema}.change SELECT number, part, now(), 1, 'subject' FROM generate_series(1, 10000) number, generate_series(1, 3) part; UPDATE {schema}.change_head SET number = 10000");
        await fill.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        string statement = new SqlText(schema)["changes.read"].Replace("@applied", "9999", StringComparison.Ordinal);
        await using NpgsqlCommand explain = server.Source.CreateCommand("EXPLAIN " + statement);
        var plan = (string)(await explain.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;

        // jit_above_cost is 100,000 unless set.
        Assert.InRange(double.Parse(Cost().Match(plan).Groups[1].Value, CultureInfo.InvariantCulture), 1, 10_000);
    }

    [GeneratedRegex(@"cost=[0-9.]+\.\.([0-9.]+)")]
    private static partial Regex Cost();
}
