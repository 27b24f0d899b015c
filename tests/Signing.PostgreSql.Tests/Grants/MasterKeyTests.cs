using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;
using Signing.Tests.Tokens;

namespace Signing.PostgreSql.Tests.Grants;

public sealed class MasterKeyTests(SharedServer server) : ManyNodes(server)
{
    [Fact]
    public async Task Nodes_that_start_at_once_make_one_master_key()
    {
        TokenDesk[] desks = await DesksAsync(Nodes(8));
        IssuedTokens tokens = await desks[0].LogInAsync();

        Assert.Single(await desks[0].Store.GetMasterKeysAsync(Cancellation));
        foreach (TokenDesk desk in desks)
        {
            Assert.True((await desk.VerifyAsync(tokens.AccessToken!)).IsValid);
            desk.Dispose();
        }
    }

    [Fact]
    public async Task Tokens_of_a_master_key_that_another_node_has_just_made_are_accepted_at_once()
    {
        TokenDesk[] desks = await DesksAsync(Nodes(3));
        await desks[0].Keys.RotateAsync(Cancellation);
        IssuedTokens tokens = await desks[0].LogInAsync();

        Assert.True((await desks[1].VerifyAsync(tokens.AccessToken!)).IsValid);
        (TokenStatus status, TokenContent content) = await desks[2].Verifier.ReadAsync(TokenKind.Refresh, tokens.RefreshToken!, Cancellation);
        Assert.Equal((TokenStatus.Valid, 2), (status, content.KeyVersion));
        Assert.Equal(2, (await desks[2].LogInAsync()).Grant!.KeyVersion);
        foreach (TokenDesk desk in desks)
        {
            desk.Dispose();
        }
    }

    [Fact]
    public async Task A_node_that_hears_of_a_master_key_makes_its_own_tokens_with_it()
    {
        GrantNode[] nodes = Nodes(2);
        TokenDesk[] desks = await DesksAsync(nodes);
        using var follower = new MasterKeyFollower(nodes[1].Feed, desks[1].Keys, new RingRenewal(Time), nodes[1].Database.Options, Time, NullLogger<MasterKeyFollower>.Instance);
        await follower.StartAsync(Cancellation);

        await desks[0].Keys.RotateAsync(Cancellation);
        Assert.Equal(1, desks[1].Keys.Current.CurrentVersion);
        await HearAsync(nodes[1]);

        Assert.True(SpinWait.SpinUntil(() => desks[1].Keys.Current.CurrentVersion == 2, TimeSpan.FromSeconds(30)));
        await follower.StopAsync(Cancellation);
        foreach (TokenDesk desk in desks)
        {
            desk.Dispose();
        }
    }

    [Fact]
    public async Task A_master_key_that_cannot_be_read_when_it_is_heard_of_is_told_of_once_and_read_as_soon_as_it_can_be()
    {
        await using Relay relay = new(Server.Port);
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(relay.ConnectionString);
        GrantNode[] nodes = [Nodes(1)[0], new GrantNode(source, Schema, Time)];
        TokenDesk[] desks = await DesksAsync(nodes);
        RecordedLog<MasterKeyFollower> log = new();
        using var follower = new MasterKeyFollower(nodes[1].Feed, desks[1].Keys, new RingRenewal(Time), nodes[1].Database.Options, Time, log);
        await follower.StartAsync(Cancellation);
        await desks[0].Keys.RotateAsync(Cancellation);

        relay.Fault = RelayFault.CutsRequests;
        nodes[1].Feed.Apply(2, [new ChangeNote(ChangeKind.MasterKey)]);
        Assert.True(SpinWait.SpinUntil(() => log.Lines.Count > 0, TimeSpan.FromSeconds(30)));
        Time.Advance(ReconnectDelay.Longest);
        Assert.Equal(1, desks[1].Keys.Current.CurrentVersion);
        relay.Fault = RelayFault.None;

        Assert.True(SpinWait.SpinUntil(AdvancedToTheSecond, TimeSpan.FromSeconds(30)));
        Assert.StartsWith("Error: Another node has made a master key", Assert.Single(log.Lines), StringComparison.Ordinal);
        await follower.StopAsync(Cancellation);
        Array.ForEach(desks, desk => desk.Dispose());

        bool AdvancedToTheSecond()
        {
            Time.Advance(ReconnectDelay.Longest);
            return desks[1].Keys.Current.CurrentVersion == 2;
        }
    }
}
