using System.Security.Cryptography;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Credentials.Rules;

namespace Signing.PostgreSql.Tests.Credentials;

/// <summary>What a node answers from memory, and until when.</summary>
public sealed class CredentialMemoryTests(SharedServer server) : CredentialNodes(server)
{
    private static readonly TokenHash Hash = TokenHash.Of("acme_token_live_1");

    public static TheoryData<string> Changes => ["workspace", "application", "pair", "secret", "key"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_another_node_has_changed_is_met_as_soon_as_it_is_heard_of(string change)
    {
        (CredentialRecord pair, CredentialRecord token) = await CreateAsync();
        CredentialNode other = await NewNodeAsync();
        Credential before = (await other.Store.FindAsync(pair.Key!, Cancellation))!;
        Credential tokenBefore = (await Tokens(other).FindAsync(Hash, Cancellation))!;

        await CommitAsync([.. Edits(change, pair, token)]);

        Assert.True(other.Store.TryGetCached(pair.Key!, out Credential? meanwhile) && ReferenceEquals(before, meanwhile));
        await HearAsync(other);
        Assert.False(other.Store.TryGetCached(pair.Key!, out Credential? _));
        Credential? after = await other.Store.FindAsync(pair.Key!, Cancellation);
        Assert.NotSame(before, after);
        Assert.Equal(Expected(change), after?.Evaluate(0, Now));

        // What a token is refused with, or its parent's Key, is in the token as well.
        Credential tokenAfter = (await Tokens(other).FindAsync(Hash, Cancellation))!;
        Assert.Equal(change is "pair" or "secret", ReferenceEquals(tokenBefore, tokenAfter));
        Assert.Equal(change == "key" ? "another_key" : pair.Key, tokenAfter.ParentKey);
    }

    [Fact]
    public async Task A_Key_that_was_unknown_is_found_once_its_creation_is_heard_of()
    {
        CredentialNode other = await NewNodeAsync();
        Assert.Null(await other.Store.FindAsync("acme_key_live_1", Cancellation));
        Assert.Null(await Tokens(other).FindAsync(Hash, Cancellation));
        Assert.True(other.Store.TryGetCached("acme_key_live_1", out Credential? _) && other.Store.TryGetCached(Hash, out _));

        await CreateAsync();
        await HearAsync(other);

        Assert.NotNull(await other.Store.FindAsync("acme_key_live_1", Cancellation));
        Assert.NotNull(await Tokens(other).FindAsync(Hash, Cancellation));
    }

    [Fact]
    public async Task A_token_that_another_node_has_revoked_is_unknown_as_soon_as_it_is_heard_of()
    {
        (_, CredentialRecord token) = await CreateAsync();
        CredentialNode other = await NewNodeAsync();
        Assert.NotNull(await Tokens(other).FindAsync(Hash, Cancellation));

        await CommitAsync(new RowEdit(token, CredentialRules.Revoke(token, "ann", null, TimeSpan.Zero, Now).Credential));
        await HearAsync(other);

        Assert.Null(await Tokens(other).FindAsync(Hash, Cancellation));
    }

    [Fact]
    public async Task A_sharing_key_that_another_node_has_changed_and_its_workspace_are_met_as_soon_as_they_are_heard_of()
    {
        await CreateAsync();
        SharingKeyRecord row = SampleRows.SharingKey;
        CredentialNode other = await NewNodeAsync();
        Assert.Null(await other.Store.FindByIdAsync(row.Id, Cancellation));

        await CommitAsync(new RowEdit(null, row));
        await HearAsync(other);
        Assert.Equal(CredentialStatus.Valid, (await other.Store.FindByIdAsync(row.Id, Cancellation))!.Evaluate(Now));

        await CommitAsync(new RowEdit(SampleRows.Workspace, SampleRows.Workspace with { Enabled = false, Version = 2 }));
        await HearAsync(other);
        Assert.Equal(CredentialStatus.WorkspaceDisabled, (await other.Store.FindByIdAsync(row.Id, Cancellation))!.Evaluate(Now));

        await CommitAsync(new RowEdit(row, row with { Status = StoredStatus.Revoked, Version = 2 }));
        await HearAsync(other);
        Assert.Equal(CredentialStatus.Revoked, (await other.Store.FindByIdAsync(row.Id, Cancellation))!.Evaluate(Now));
    }

    [Fact]
    public async Task A_login_meets_a_sharing_key_as_the_database_has_it_whatever_the_node_remembers()
    {
        await CreateAsync();
        TokenHash hash = SampleRows.SharingKey.Secret.Hash!.Value;
        SharingKeyRecord row = SampleRows.SharingKey;
        await CommitAsync(new RowEdit(null, row));
        CredentialNode other = await NewNodeAsync();
        Assert.Equal(CredentialStatus.Valid, (await other.Store.FindByIdAsync(row.Id, Cancellation))!.Evaluate(Now));

        await CommitAsync(new RowEdit(row, row with { Status = StoredStatus.Revoked, Version = 2 }));

        Assert.Equal(CredentialStatus.Revoked, (await ((ISharingKeySource)other.Store).FindAsync(hash, Cancellation))!.Evaluate(Now));
        Assert.True(other.Store.TryGetCached(row.Id, out SharingKey? known));
        Assert.Equal(CredentialStatus.Revoked, known!.Evaluate(Now));
    }

    [Fact]
    public async Task A_node_that_does_not_hear_answers_nothing_from_memory()
    {
        (CredentialRecord pair, _) = await CreateAsync();
        CredentialNode other = await NewNodeAsync();
        await other.Store.FindAsync(pair.Key!, Cancellation);
        await Tokens(other).FindAsync(Hash, Cancellation);
        await other.Store.FindByIdAsync("shk_1", Cancellation);
        await CommitAsync(new RowEdit(pair, CredentialRules.Suspend(pair, Now).Credential));

        other.IsFresh = false;

        Assert.False(other.Store.TryGetCached(pair.Key!, out Credential? _));
        Assert.False(other.Store.TryGetCached(Hash, out _));
        Assert.False(other.Store.TryGetCached("shk_1", out SharingKey? _));
        Assert.Equal(CredentialStatus.Suspended, (await other.Store.FindAsync(pair.Key!, Cancellation))!.Evaluate(0, Now));
    }

    [Fact]
    public async Task Where_nobody_follows_the_changes_nothing_is_answered_from_memory()
    {
        (CredentialRecord pair, _) = await CreateAsync();
        var store = new PostgreSqlCredentialStore(Node.Database, new ChangeFeed(), Seal, new RingRenewal(TimeProvider.System));
        Assert.Equal(CredentialStatus.Valid, (await store.FindAsync(pair.Key!, Cancellation))!.Evaluate(0, Now));

        await CommitAsync(new RowEdit(pair, CredentialRules.Suspend(pair, Now).Credential));

        Assert.False(store.TryGetCached(pair.Key!, out Credential? _));
        Assert.Equal(CredentialStatus.Suspended, (await store.FindAsync(pair.Key!, Cancellation))!.Evaluate(0, Now));
    }

    [Fact]
    public async Task What_time_ends_is_refused_on_time_by_every_node_although_nobody_tells_it()
    {
        (CredentialRecord pair, CredentialRecord token) = await CreateAsync();
        CredentialRecord rotated = CredentialRules.Rotate(pair, SecretOf(pair.Id, 2, "the second secret, long enough"), TimeSpan.FromHours(1), Now).Credential;
        await CommitAsync(
            new RowEdit(pair, rotated with { RevokesAt = Now.AddHours(3) }),
            new RowEdit(token, token with { NotBefore = Now.AddHours(1), Expires = Now.AddHours(2), Version = 2 }));
        CredentialNode[] nodes = [await NewNodeAsync(), await NewNodeAsync()];
        foreach (CredentialNode node in nodes)
        {
            await node.Store.FindAsync(pair.Key!, Cancellation);
            await Tokens(node).FindAsync(Hash, Cancellation);
        }

        TimeSpan moment = TimeSpan.FromTicks(1);
        foreach (CredentialNode node in nodes)
        {
            Assert.True(node.Store.TryGetCached(pair.Key!, out Credential? known));
            Assert.True(node.Store.TryGetCached(Hash, out Credential? knownToken));

            // The newer Secret ends last, so it is the first.
            Assert.Equal(CredentialStatus.Valid, known!.Evaluate(1, Now.AddHours(1) - moment));
            Assert.Equal(CredentialStatus.Expired, known.Evaluate(1, Now.AddHours(1)));
            Assert.Equal(CredentialStatus.Valid, known.Evaluate(0, Now.AddHours(3) - moment));
            Assert.Equal(CredentialStatus.Expired, known.Evaluate(0, Now.AddHours(3)));
            Assert.Equal(CredentialStatus.NotYetValid, knownToken!.Evaluate(Now.AddHours(1) - moment));
            Assert.Equal(CredentialStatus.Valid, knownToken.Evaluate(Now.AddHours(1)));
            Assert.Equal(CredentialStatus.Expired, knownToken.Evaluate(Now.AddHours(2)));
        }
    }

    [Fact]
    public async Task A_Secret_is_opened_once_whatever_changes_around_it()
    {
        (CredentialRecord pair, _) = await CreateAsync();
        CredentialNode other = await NewNodeAsync();
        SigningKey before = (await other.Store.FindAsync(pair.Key!, Cancellation))!.Secrets[0];

        await CommitAsync(new RowEdit(SampleRows.Application, SampleRows.Application with { Name = "Renamed", Version = 2 }));
        await HearAsync(other);

        Assert.Same(before, (await other.Store.FindAsync(pair.Key!, Cancellation))!.Secrets[0]);
    }

    [Fact]
    public async Task A_node_that_has_not_heard_of_another_Secret_verifies_with_the_one_that_it_reads()
    {
        (CredentialRecord pair, _) = await CreateAsync();
        CredentialNode other = await NewNodeAsync();
        SigningKey before = (await other.Store.FindAsync(pair.Key!, Cancellation))!.Secrets[0];
        await CommitAsync(new RowEdit(pair, pair with { Secrets = [SecretOf(pair.Id, 1, "another secret, long enough")], Version = 2 }));

        other.IsFresh = false;

        SigningKey after = (await other.Store.FindAsync(pair.Key!, Cancellation))!.Secrets[0];
        using var key = new SigningKey(pair.Key!, "another secret, long enough");
        byte[] mac = new byte[HmacSha256.MacSize];
        HmacSha256.Compute(key, "base"u8, mac);
        Assert.Equal((false, true), (HmacSha256.Verify(before, "base"u8, mac), HmacSha256.Verify(after, "base"u8, mac)));
    }

    [Fact]
    public async Task A_Secret_that_was_sealed_for_another_row_does_not_take_the_place_of_one_that_was_opened()
    {
        (CredentialRecord pair, _) = await CreateAsync();
        Assert.NotNull(await Node.Store.FindAsync(pair.Key!, Cancellation));

        await Assert.ThrowsAnyAsync<CryptographicException>(() =>
            CommitAsync(new RowEdit(pair, pair with { Secrets = [SecretOf("crd_9", 1, "a secret of another row")], Version = 2 })));

        Assert.Equal(1, (await Node.Store.GetAsync<CredentialRecord>(pair.Id, Cancellation))!.Version);
    }

    private static IApiTokenSource Tokens(CredentialNode node) => node.Store;

    private static CredentialStatus? Expected(string change) => change switch
    {
        "workspace" => CredentialStatus.WorkspaceDisabled,
        "application" => CredentialStatus.ApplicationSuspended,
        "pair" => CredentialStatus.Suspended,
        "secret" => CredentialStatus.Valid,
        _ => null,
    };

    private IEnumerable<RowEdit> Edits(string change, CredentialRecord pair, CredentialRecord token)
    {
        Assert.Equal(pair.Id, token.ParentId);
        yield return change switch
        {
            "workspace" => new RowEdit(SampleRows.Workspace, SampleRows.Workspace with { Enabled = false, Version = 2 }),
            "application" => new RowEdit(SampleRows.Application, SampleRows.Application with { Status = StoredStatus.Suspended, Version = 2 }),
            "pair" => new RowEdit(pair, CredentialRules.Suspend(pair, Now).Credential),
            "secret" => new RowEdit(pair, pair with { Secrets = [SecretOf(pair.Id, 1, "another secret, long enough")], Version = 2 }),
            _ => new RowEdit(pair, pair with { Key = "another_key", Version = 2 }),
        };
    }
}
