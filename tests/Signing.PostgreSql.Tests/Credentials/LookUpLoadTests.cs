using System.Diagnostics;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Credentials;

public sealed class LookUpLoadTests(SharedServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_flood_of_made_up_Keys_or_sharing_keys_takes_few_connections(bool isSharing)
    {
        string name = "flood-" + SharedServer.NewSchema();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString + ";Application Name=" + name);
        var node = new CredentialNode(source, await server.MakeSchemaAsync(), new SecretSeal(new EphemeralDataProtectionProvider()));

        object?[] found = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(i => Task.Run(async () => await FindAsync($"made_up_{i}"), Cancellation)));

        Assert.All(found, Assert.Null);
        await using NpgsqlCommand count = server.Source.CreateCommand($"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{name}'");
        Assert.InRange((long)(await count.ExecuteScalarAsync(Cancellation))!, 1, 16);

        async Task<object?> FindAsync(string text) =>
            isSharing ? await ((ISharingKeySource)node.Store).FindAsync(TokenHash.Of(text), Cancellation) : await node.Store.FindAsync(text, Cancellation);
    }

    [Fact]
    public async Task Whoever_gets_no_connection_is_told_so_in_time()
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString + ";Maximum Pool Size=1;Timeout=60");
        var node = new CredentialNode(source, await server.MakeSchemaAsync(), new SecretSeal(new EphemeralDataProtectionProvider()), timeout: TimeSpan.FromMilliseconds(200));
        await using NpgsqlConnection taken = await source.OpenConnectionAsync(Cancellation);
        long began = Stopwatch.GetTimestamp();

        await Assert.ThrowsAsync<TimeoutException>(async () => await node.Store.FindAsync("any", Cancellation));

        // The connection string would have it wait for a minute.
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
    }
}
