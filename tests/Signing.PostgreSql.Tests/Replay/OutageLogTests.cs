using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Replay;

/// <summary>What operators read of an outage: its beginning and its end, once each.</summary>
public sealed class OutageLogTests(SharedServer server) : ClaimTestBase(server)
{
    private const string Recovered = "Information: Signatures are claimed in PostgreSQL again.";

    [Fact]
    public async Task An_answer_from_memory_is_not_the_end_of_an_outage()
    {
        await using Relay relay = new(Server.Port);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(relay.ConnectionString);
        RecordedLog<PostgreSqlReplayStore> log = new();
        PostgreSqlReplayStore node = Tables.Store(Policy, Time, through: source, logger: log);
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 1));

        relay.Fault = RelayFault.CutsRequests;
        for (UInt128 fingerprint = 10; fingerprint < 15; fingerprint++)
        {
            Assert.Equal(ReplayClaim.Unavailable, await ClaimAsync(node, fingerprint));
            Assert.Equal(ReplayClaim.BeforeFloor, await ClaimAsync(node, 1, Second(-1000)));
        }

        Assert.Equal((1, 0), Count());
        relay.Fault = RelayFault.None;
        Assert.Equal(ReplayClaim.Claimed, await ClaimAsync(node, 20));
        Assert.Equal((1, 1), Count());

        (int Begun, int Ended) Count() => (log.Lines.Count(static line => line.StartsWith("Error: ", StringComparison.Ordinal)), log.Lines.Count(static line => line == Recovered));
    }
}
