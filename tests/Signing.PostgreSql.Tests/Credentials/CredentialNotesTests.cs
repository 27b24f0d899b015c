using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Credentials.Rules;

namespace Signing.PostgreSql.Tests.Credentials;

/// <summary>What nodes are told of changes of credentials, and what they make of it where it may be anything.</summary>
public sealed class CredentialNotesTests(SharedServer server) : CredentialNodes(server)
{
    private static readonly TokenHash Hash = TokenHash.Of("acme_token_live_1");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_everything_may_have_changed_nothing_is_remembered(bool isTold)
    {
        (CredentialRecord pair, _) = await CreateAsync();
        await CommitAsync(new RowEdit(null, SampleRows.SharingKey));
        CredentialNode other = await NewNodeAsync();
        await other.Store.FindAsync(pair.Key!, Cancellation);
        await ((IApiTokenSource)other.Store).FindAsync(Hash, Cancellation);
        await other.Store.FindByIdAsync("shk_1", Cancellation);
        Assert.Equal((true, true, true), Remembered(other, pair));

        if (isTold)
        {
            other.Feed.Apply(9, [new ChangeNote(ChangeKind.Everything)]);
        }
        else
        {
            other.Feed.ForgetAll(9);
        }

        Assert.Equal((false, false, false), Remembered(other, pair));
    }

    [Fact]
    public async Task More_than_a_thousand_things_that_change_at_once_are_told_as_everything()
    {
        (CredentialRecord pair, CredentialRecord token) = await CreateAsync();
        CredentialNode other = await NewNodeAsync();
        await other.Store.FindAsync(pair.Key!, Cancellation);
        SecretRecord[] many = [.. Enumerable.Range(1, 1000).Select(version => token.Secrets[0] with { Version = version, Hash = TokenHash.Of($"token {version}") })];

        await CommitAsync(new RowEdit(token, token with { Secrets = many, Version = 2 }));

        const string Last = "FROM signing.change WHERE number = (SELECT number FROM signing.change_head)";
        Assert.Equal((1L, (short)ChangeKind.Everything), (await AskAsync<long>("SELECT count(*) " + Last), await AskAsync<short>("SELECT kind " + Last)));
        await HearAsync(other);
        Assert.False(other.Store.TryGetCached(pair.Key!, out Credential? _));
    }

    [Fact]
    public async Task What_no_node_can_remember_is_told_to_nobody()
    {
        await CommitAsync(new RowEdit(null, SampleRows.Workspace), new RowEdit(null, SampleRows.Application));
        await CommitAsync(
            new RowEdit(SampleRows.Workspace, SampleRows.Workspace with { Name = "Renamed", Version = 2 }),
            new RowEdit(SampleRows.Application, SampleRows.Application with { Description = "Described", Version = 2 }));

        Assert.Equal(0L, await AskAsync<long>("SELECT number FROM signing.change_head"));
    }

    private static (bool Pair, bool Token, bool SharingKey) Remembered(CredentialNode node, CredentialRecord pair) =>
        (node.Store.TryGetCached(pair.Key!, out Credential? _), node.Store.TryGetCached(Hash, out Credential? _), node.Store.TryGetCached("shk_1", out SharingKey? _));
}
