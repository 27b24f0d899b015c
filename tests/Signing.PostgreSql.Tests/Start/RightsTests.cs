using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Credentials;
using Signing.PostgreSql.Tests.Grants;
using Signing.PostgreSql.Tests.Replay;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Credentials.Rules;

namespace Signing.PostgreSql.Tests.Start;

public sealed class RightsTests(SharedServer server) : ManyNodes(server)
{
    private static readonly VerificationPolicy Policy = new() { MaxAge = TimeSpan.FromSeconds(60), FutureSkew = TimeSpan.FromSeconds(5) };

    [Fact]
    public async Task A_user_with_the_rights_that_are_documented_claims_logs_in_and_commits()
    {
        string user = Schema + "_node";
        await RunAsync(
            $"""
            CREATE ROLE {user} LOGIN;
            GRANT USAGE ON SCHEMA {Schema} TO {user};
            GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA {Schema} TO {user};
            """);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Username = user });
        using ClaimTables tables = new(source, Schema);
        tables.BeginWithoutFloor(ClaimWindow.Of([Policy]), Time.GetUtcNow());
        PostgreSqlReplayStore claims = tables.Store(Policy, Time);

        // Through all slots, and into a memory that was lost.
        for (int second = 0; second < 100; second++)
        {
            Assert.Equal(ReplayClaim.Claimed, await claims.TryClaimAsync((UInt128)second, "key", Time.GetUtcNow(), Cancellation));
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        tables.LoseMemory();
        Assert.Equal(ReplayClaim.BeforeFloor, await claims.TryClaimAsync(1000, "key", Time.GetUtcNow(), Cancellation));

        Assert.Equal(GrantInsertion.Inserted, await new GrantNode(source, Schema, Time).Store.InsertAsync(GrantOf(1), Cancellation));
        var credentials = new CredentialNode(source, Schema, new SecretSeal(new Microsoft.AspNetCore.DataProtection.EphemeralDataProtectionProvider()), Time);
        Assert.Equal(ChangeStatus.Changed, await credentials.Store.CommitAsync(new StoreChange([new RowEdit(null, SampleRows.Workspace)], []), Cancellation));
    }

    [Fact]
    public async Task Without_the_right_to_empty_tables_the_start_says_so_and_does_not_leave_it_to_the_first_slot()
    {
        string user = Schema + "_node";
        await RunAsync(
            $"""
            CREATE ROLE {user} LOGIN;
            GRANT USAGE ON SCHEMA {Schema} TO {user};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {Schema} TO {user};
            """);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Username = user });
        using ClaimTables tables = new(source, Schema);

        PostgreSqlStartException refusal = await Assert.ThrowsAsync<PostgreSqlStartException>(() => tables.Store(Policy, Time).StartAsync(Cancellation));

        Assert.Equal(PostgreSqlStartFault.MissingTables, refusal.Fault);
        Assert.Contains("TRUNCATE", refusal.Message, StringComparison.Ordinal);
        await RunAsync($"GRANT TRUNCATE ON ALL TABLES IN SCHEMA {Schema} TO {user}");
        await tables.Store(Policy, Time).StartAsync(Cancellation);
    }

    private async Task RunAsync(string text)
    {
        await using NpgsqlCommand command = Server.Source.CreateCommand(text);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
