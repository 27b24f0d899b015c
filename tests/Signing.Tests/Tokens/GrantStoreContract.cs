using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Tokens;

/// <summary>What every store of grants must hold; each store's test class inherits it.</summary>
public abstract class GrantStoreContract
{
    protected const string Client = "key_contract";

    private const int Threads = 32;

    private static readonly GrantTerms Terms = new(KeyVersion: 2, TimeSpan.FromMinutes(15), TimeSpan.FromDays(30), ["orders.read"]);

    protected ManualTimeProvider Time { get; } = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens an empty store on the test's clock.</summary>
    protected abstract IGrantStore Open(int capacity = 1024);

    [Fact]
    public async Task A_grant_is_found_by_its_id_and_no_other()
    {
        IGrantStore store = Open();
        Grant grant = GrantOf(1);

        Assert.Equal(GrantInsertion.Inserted, await store.InsertAsync(grant, Cancellation));

        AssertSame(grant, await store.FindAsync(1, Cancellation));
        Assert.True(store.TryGetCached(1, out Grant? cached));
        AssertSame(grant, cached);
        Assert.Null(await store.FindAsync(2, Cancellation));
        Assert.True(store.TryGetCached(2, out Grant? unknown));
        Assert.Null(unknown);
    }

    [Fact]
    public async Task A_second_grant_of_the_same_id_is_refused_and_changes_nothing()
    {
        IGrantStore store = Open();
        await store.InsertAsync(GrantOf(1), Cancellation);

        Assert.Equal(GrantInsertion.Unavailable, await store.InsertAsync(GrantOf(1, client: "another"), Cancellation));

        Assert.Equal(Client, (await store.FindAsync(1, Cancellation))!.ClientKey);
    }

    [Fact]
    public async Task The_current_sequence_rotates_and_gets_its_times_from_the_clock_of_the_store()
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1));
        Time.Advance(TimeSpan.FromMinutes(10));

        GrantRotation rotation = await store.TryRotateAsync(1, 0, Terms, Cancellation);

        Assert.Equal(GrantRotationStatus.Rotated, rotation.Status);
        Grant grant = rotation.Grant!;
        Assert.Equal((1, 2, false), (grant.Sequence, grant.KeyVersion, grant.IsUsed));
        Assert.Equal(Terms.Scopes, grant.Scopes);
        Assert.Equal(Time.GetUtcNow(), grant.RotatedAt);
        Assert.Equal(GrantTerms.EndOf(Time.GetUtcNow(), Terms.AccessLifetime), grant.AccessExpires);
        Assert.Equal(GrantTerms.EndOf(Time.GetUtcNow(), Terms.RefreshLifetime), grant.RefreshExpires);
        AssertSame(grant, await store.FindAsync(1, Cancellation));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(119)]
    [InlineData(120)]
    public async Task The_previous_sequence_gets_the_same_successor_within_120_seconds(int seconds)
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1));
        GrantRotation first = await store.TryRotateAsync(1, 0, Terms, Cancellation);
        Time.Advance(TimeSpan.FromSeconds(seconds));

        GrantRotation again = await store.TryRotateAsync(1, 0, Terms with { KeyVersion = 3, AccessLifetime = TimeSpan.FromHours(1) }, Cancellation);

        Assert.Equal(GrantRotationStatus.SameSuccessor, again.Status);
        AssertSame(first.Grant!, again.Grant);
    }

    [Fact]
    public async Task The_previous_sequence_after_120_seconds_revokes_the_grant()
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1));
        await store.TryRotateAsync(1, 0, Terms, Cancellation);

        // A database keeps no less than a microsecond.
        Time.Advance(TimeSpan.FromSeconds(120) + TimeSpan.FromMicroseconds(1));

        await AssertReusedAsync(store, sequence: 0);
    }

    [Fact]
    public async Task The_previous_sequence_revokes_the_grant_once_the_successor_was_used()
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1));
        await store.TryRotateAsync(1, 0, Terms, Cancellation);
        await store.MarkUsedAsync(1, 1, Cancellation);

        await AssertReusedAsync(store, sequence: 0);
    }

    [Fact]
    public async Task A_sequence_before_the_previous_one_revokes_the_grant()
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1));
        await store.TryRotateAsync(1, 0, Terms, Cancellation);
        await store.TryRotateAsync(1, 1, Terms, Cancellation);

        await AssertReusedAsync(store, sequence: 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public async Task A_sequence_that_the_store_has_not_issued_revokes_the_grant(int sequence)
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1));

        await AssertReusedAsync(store, sequence);
    }

    [Fact]
    public async Task The_use_of_another_sequence_than_the_current_one_is_not_the_use_of_the_successor()
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1));
        await store.TryRotateAsync(1, 0, Terms, Cancellation);

        await store.MarkUsedAsync(1, 0, Cancellation);
        await store.MarkUsedAsync(1, 2, Cancellation);
        await store.MarkUsedAsync(99, 1, Cancellation);

        Assert.Equal(GrantRotationStatus.SameSuccessor, (await store.TryRotateAsync(1, 0, Terms, Cancellation)).Status);
    }

    [Fact]
    public async Task A_successor_that_was_used_gets_its_own_successor_again()
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1));
        await store.TryRotateAsync(1, 0, Terms, Cancellation);
        await store.MarkUsedAsync(1, 1, Cancellation);
        GrantRotation second = await store.TryRotateAsync(1, 1, Terms, Cancellation);

        GrantRotation again = await store.TryRotateAsync(1, 1, Terms, Cancellation);

        Assert.Equal((GrantRotationStatus.Rotated, GrantRotationStatus.SameSuccessor), (second.Status, again.Status));
        AssertSame(second.Grant!, again.Grant);
    }

    [Fact]
    public async Task Each_rotation_opens_the_window_for_its_own_predecessor_only()
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1));
        for (int sequence = 0; sequence < 5; sequence++)
        {
            Assert.Equal(GrantRotationStatus.Rotated, (await store.TryRotateAsync(1, sequence, Terms, Cancellation)).Status);
            Assert.Equal(GrantRotationStatus.SameSuccessor, (await store.TryRotateAsync(1, sequence, Terms, Cancellation)).Status);
            Time.Advance(TimeSpan.FromMinutes(15));
        }
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_stretch_the_window()
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1));
        await store.TryRotateAsync(1, 0, Terms, Cancellation);

        Time.SetClock(Time.GetUtcNow() - TimeSpan.FromSeconds(2));
        Assert.Equal(GrantRotationStatus.SameSuccessor, (await store.TryRotateAsync(1, 0, Terms, Cancellation)).Status);

        Time.SetClock(Time.GetUtcNow() - TimeSpan.FromHours(1));
        await AssertReusedAsync(store, sequence: 0);
    }

    [Fact]
    public async Task An_ended_grant_does_not_rotate_nor_does_one_without_a_refresh_token()
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1), GrantOf(2, withRefreshToken: false));
        Time.Advance(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1));

        Assert.Equal(GrantRotationStatus.Expired, (await store.TryRotateAsync(1, 0, Terms, Cancellation)).Status);
        Assert.Equal(GrantRotationStatus.Expired, (await store.TryRotateAsync(2, 0, Terms, Cancellation)).Status);
    }

    [Fact]
    public async Task An_unknown_grant_does_not_rotate()
    {
        Assert.Equal(new GrantRotation(GrantRotationStatus.Unknown), await Open().TryRotateAsync(1, 0, Terms, Cancellation));
    }

    [Fact]
    public async Task A_revoked_grant_stays_revoked_for_its_first_reason()
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1));
        await store.TryRotateAsync(1, 0, Terms, Cancellation);

        Assert.True(await store.RevokeAsync(1, RevocationReason.Holder, Cancellation));
        Assert.False(await store.RevokeAsync(1, RevocationReason.Operator, Cancellation));
        Assert.False(await store.RevokeAsync(2, RevocationReason.Operator, Cancellation));

        Grant grant = (await store.FindAsync(1, Cancellation))!;
        Assert.Equal((true, RevocationReason.Holder, (DateTimeOffset?)Time.GetUtcNow()), (grant.IsRevoked, grant.RevokedFor, grant.RevokedAt));
        Assert.Equal(GrantRotationStatus.Revoked, (await store.TryRotateAsync(1, 1, Terms, Cancellation)).Status);
        Assert.Equal(GrantRotationStatus.Revoked, (await store.TryRotateAsync(1, 0, Terms, Cancellation)).Status);
    }

    [Theory]
    [InlineData(GrantOwner.Client, Client)]
    [InlineData(GrantOwner.Credential, "crd_1")]
    [InlineData(GrantOwner.Application, "app_1")]
    [InlineData(GrantOwner.Workspace, "ws_acting")]
    [InlineData(GrantOwner.Workspace, "ws_shared")]
    [InlineData(GrantOwner.SharingKey, "shk_1")]
    public async Task Every_grant_of_an_owner_is_revoked_and_no_other(GrantOwner owner, string value)
    {
        // Whatever else of it bears the name, the owner is not that one's.
        Grant other = new()
        {
            Id = 3,
            ClientKey = owner == GrantOwner.Client ? "key_other" : value,
            CredentialId = owner == GrantOwner.Credential ? "crd_2" : value,
            ApplicationId = owner == GrantOwner.Application ? "app_2" : value,
            ActingWorkspaceId = owner == GrantOwner.Workspace ? "ws_2" : value,
            WorkspaceId = owner == GrantOwner.Workspace ? "ws_2" : value,
            SharingKeyId = owner == GrantOwner.SharingKey ? null : value,
            KeyVersion = 1,
            Issued = Time.GetUtcNow(),
            RotatedAt = Time.GetUtcNow(),
            AccessExpires = Time.GetUtcNow() + TimeSpan.FromHours(1),
        };
        IGrantStore store = await OpenWithAsync(GrantOf(1), GrantOf(2), other);

        Assert.Equal(2, await store.RevokeAllAsync(owner, value, RevocationReason.Parent, Cancellation));
        Assert.Equal(0, await store.RevokeAllAsync(owner, value, RevocationReason.Parent, Cancellation));

        Assert.Equal(RevocationReason.Parent, (await store.FindAsync(1, Cancellation))!.RevokedFor);
        Assert.Equal(RevocationReason.Parent, (await store.FindAsync(2, Cancellation))!.RevokedFor);
        Assert.False((await store.FindAsync(3, Cancellation))!.IsRevoked);
    }

    [Fact]
    public async Task No_owner_names_no_grant()
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1));

        Assert.Equal(0, await store.RevokeAllAsync(GrantOwner.None, Client, RevocationReason.Operator, Cancellation));
        Assert.Equal(0, await store.RevokeAllAsync(GrantOwner.Client, Client.ToUpperInvariant(), RevocationReason.Operator, Cancellation));
    }

    [Fact]
    public async Task A_full_store_refuses_until_grants_have_ended()
    {
        IGrantStore store = Open(capacity: 16);
        for (int i = 0; i < 16; i++)
        {
            Assert.Equal(GrantInsertion.Inserted, await store.InsertAsync(GrantOf((UInt128)i + 1, client: $"client {i}"), Cancellation));
        }

        Assert.Equal(GrantInsertion.Unavailable, await store.InsertAsync(GrantOf(99, client: "late"), Cancellation));
        Assert.Equal(GrantInsertion.Unavailable, await store.InsertAsync(GrantOf(99, client: "client 0"), Cancellation));

        Time.Advance(TimeSpan.FromDays(31));
        Assert.Equal(GrantInsertion.Inserted, await store.InsertAsync(GrantOf(99, client: "late"), Cancellation));
        Assert.Null(await store.FindAsync(1, Cancellation));
    }

    [Fact]
    public async Task A_grant_that_was_refreshed_outlives_its_first_end()
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1), GrantOf(2));
        Time.Advance(TimeSpan.FromDays(29));
        await store.TryRotateAsync(1, 0, Terms, Cancellation);

        Time.Advance(TimeSpan.FromDays(2));
        await store.InsertAsync(GrantOf(3), Cancellation);

        Assert.NotNull(await store.FindAsync(1, Cancellation));
        Assert.Null(await store.FindAsync(2, Cancellation));

        Time.Advance(TimeSpan.FromDays(29));
        await store.InsertAsync(GrantOf(4), Cancellation);

        Assert.Null(await store.FindAsync(1, Cancellation));
    }

    [Fact]
    public async Task A_client_holds_a_quarter_of_the_store_at_most_and_disturbs_no_other()
    {
        IGrantStore store = Open(capacity: 64);
        for (int i = 0; i < 16; i++)
        {
            Assert.Equal(GrantInsertion.Inserted, await store.InsertAsync(GrantOf((UInt128)i + 1), Cancellation));
        }

        Assert.Equal(GrantInsertion.QuotaExceeded, await store.InsertAsync(GrantOf(98), Cancellation));
        Assert.Equal(GrantInsertion.Inserted, await store.InsertAsync(GrantOf(99, client: "another"), Cancellation));

        Time.Advance(TimeSpan.FromDays(31));
        Assert.Equal(GrantInsertion.Inserted, await store.InsertAsync(GrantOf(98), Cancellation));
    }

    [Fact]
    public async Task However_many_clients_take_all_they_get_the_next_one_finds_room()
    {
        IGrantStore store = Open(capacity: 64);
        UInt128 next = 1;
        List<int> held = [];
        for (int client = 0; client < 6; client++)
        {
            int inserted = 0;
            while (await store.InsertAsync(GrantOf(next++, client: $"greedy {client}"), Cancellation) is var insertion && insertion != GrantInsertion.QuotaExceeded)
            {
                Assert.Equal(GrantInsertion.Inserted, insertion);
                inserted++;
            }

            held.Add(inserted);
        }

        // A quarter each, then half of what is free.
        Assert.Equal([16, 16, 11, 7, 5, 3], held);
        Assert.Equal(GrantInsertion.Inserted, await store.InsertAsync(GrantOf(next, client: "modest"), Cancellation));
    }

    [Fact]
    public async Task Master_keys_are_kept_in_the_order_of_their_versions_and_the_first_of_a_version_stays()
    {
        IGrantStore store = Open();
        Assert.Empty(await store.GetMasterKeysAsync(Cancellation));
        SealedMasterKey second = KeyOf(2, 20);

        Assert.Equal([20], (await store.AddMasterKeyAsync(second, Cancellation)).Sealed);
        Assert.Equal([10], (await store.AddMasterKeyAsync(KeyOf(1, 10), Cancellation)).Sealed);
        Assert.Equal([20], (await store.AddMasterKeyAsync(KeyOf(2, 99), Cancellation)).Sealed);

        IReadOnlyList<SealedMasterKey> keys = await store.GetMasterKeysAsync(Cancellation);
        Assert.Equal([1, 2], keys.Select(key => key.Version));
        Assert.Equal([10, 20], keys.Select(key => (int)key.Sealed[0]));
        Assert.Equal(second.Created, keys[1].Created);
    }

    [Fact]
    public async Task A_sharing_key_is_bound_to_whoever_comes_first()
    {
        IGrantStore store = Open();

        string[] bound = await InParallelAsync(i => store.BindSharingKeyAsync("shk_1", $"application {i}", Cancellation));

        Assert.Single(bound.Distinct());
        Assert.Equal(bound[0], await store.BindSharingKeyAsync("shk_1", "application late", Cancellation));
        Assert.Equal("application late", await store.BindSharingKeyAsync("shk_2", "application late", Cancellation));
    }

    [Fact]
    public async Task Of_many_nodes_that_make_a_master_key_at_once_all_get_the_same()
    {
        IGrantStore store = Open();

        SealedMasterKey[] keys = await InParallelAsync(i => store.AddMasterKeyAsync(KeyOf(1, (byte)i), Cancellation));

        Assert.Single(keys.Select(key => key.Sealed[0]).Distinct());
    }

    [Fact]
    public async Task A_seal_is_replaced_only_by_whoever_knows_the_one_before()
    {
        IGrantStore store = Open();
        await store.AddMasterKeyAsync(KeyOf(1, 10), Cancellation);

        Assert.False(await store.TryResealMasterKeyAsync(KeyOf(1, 9), KeyOf(1, 11), Cancellation));
        Assert.False(await store.TryResealMasterKeyAsync(KeyOf(2, 10), KeyOf(2, 11), Cancellation));
        Assert.False(await store.TryResealMasterKeyAsync(KeyOf(1, 10), KeyOf(2, 11), Cancellation));
        bool[] replaced = await InParallelAsync(i => store.TryResealMasterKeyAsync(KeyOf(1, 10), KeyOf(1, (byte)(100 + i)), Cancellation));

        Assert.Single(replaced, true);
        SealedMasterKey key = Assert.Single(await store.GetMasterKeysAsync(Cancellation));
        Assert.Equal(100 + Array.IndexOf(replaced, true), key.Sealed[0]);
    }

    [Fact]
    public async Task Of_many_parallel_refreshes_of_one_token_one_rotates_and_all_get_the_same_successor()
    {
        IGrantStore store = await OpenWithAsync(GrantOf(1));
        for (int sequence = 0; sequence < 20; sequence++)
        {
            GrantRotation[] rotations = await InParallelAsync(_ => store.TryRotateAsync(1, sequence, Terms, Cancellation));

            Assert.Single(rotations, rotation => rotation.Status == GrantRotationStatus.Rotated);
            Assert.Equal(Threads - 1, rotations.Count(rotation => rotation.Status == GrantRotationStatus.SameSuccessor));
            Assert.All(rotations, rotation => AssertSame(rotations[0].Grant!, rotation.Grant));
        }
    }

    [Fact]
    public async Task A_revocation_among_parallel_refreshes_is_never_undone()
    {
        IGrantStore store = Open();
        for (UInt128 id = 1; id <= 20; id++)
        {
            await store.InsertAsync(GrantOf(id, client: $"client {id}"), Cancellation);
            int sequence = 0;

            await InParallelAsync(async i =>
            {
                if (i == Threads / 2)
                {
                    return await store.RevokeAsync(id, RevocationReason.Operator, Cancellation);
                }

                GrantRotation rotation = await store.TryRotateAsync(id, Volatile.Read(ref sequence), Terms, Cancellation);
                if (rotation.Status == GrantRotationStatus.Rotated)
                {
                    Volatile.Write(ref sequence, rotation.Grant!.Sequence);
                }

                return false;
            });

            Assert.True((await store.FindAsync(id, Cancellation))!.IsRevoked);
            Assert.Equal(GrantRotationStatus.Revoked, (await store.TryRotateAsync(id, sequence, Terms, Cancellation)).Status);
        }
    }

    [Fact]
    public async Task After_a_use_among_parallel_refreshes_no_predecessor_is_answered()
    {
        IGrantStore store = Open();
        for (UInt128 id = 1; id <= 20; id++)
        {
            await store.InsertAsync(GrantOf(id, client: $"client {id}"), Cancellation);
            await store.TryRotateAsync(id, 0, Terms, Cancellation);
            int used = 0;

            await InParallelAsync(async i =>
            {
                if (i == Threads / 2)
                {
                    await store.MarkUsedAsync(id, 1, Cancellation);
                    Volatile.Write(ref used, 1);
                    return true;
                }

                bool knownToBeUsed = Volatile.Read(ref used) == 1;
                GrantRotation rotation = await store.TryRotateAsync(id, 0, Terms, Cancellation);
                Assert.False(knownToBeUsed && rotation.Status == GrantRotationStatus.SameSuccessor);
                return true;
            });
        }
    }

    [Fact]
    public async Task Parallel_logins_never_exceed_the_limits()
    {
        IGrantStore store = Open(capacity: 64);

        GrantInsertion[] insertions = await InParallelAsync(i => store.InsertAsync(GrantOf((UInt128)i + 1), Cancellation));

        Assert.Equal(16, insertions.Count(insertion => insertion == GrantInsertion.Inserted));
        Assert.Equal(Threads - 16, insertions.Count(insertion => insertion == GrantInsertion.QuotaExceeded));
    }

    protected static SealedMasterKey KeyOf(int version, byte content) =>
        new() { Version = version, Sealed = [content], Created = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(version) };

    /// <summary>Both have every property alike, whether or not they are one object.</summary>
    protected static void AssertSame(Grant expected, Grant? actual) => Assert.Equivalent(expected, actual, strict: true);

    protected Grant GrantOf(UInt128 id, string client = Client, bool withRefreshToken = true)
    {
        DateTimeOffset now = Time.GetUtcNow();
        return new Grant
        {
            Id = id,
            ClientKey = client,
            CredentialId = "crd_1",
            ApplicationId = "app_1",
            ActingWorkspaceId = "ws_acting",
            WorkspaceId = "ws_shared",
            SharingKeyId = "shk_1",
            Scopes = ["orders.read", "orders.write"],
            KeyVersion = 1,
            Issued = now,
            RotatedAt = now,
            AccessExpires = GrantTerms.EndOf(now, Terms.AccessLifetime),
            RefreshExpires = withRefreshToken ? GrantTerms.EndOf(now, Terms.RefreshLifetime) : null,
        };
    }

    protected Task<GrantRotation> RotateAsync(IGrantStore store, UInt128 id, int sequence) => store.TryRotateAsync(id, sequence, Terms, Cancellation).AsTask();

    private async Task<IGrantStore> OpenWithAsync(params Grant[] grants)
    {
        IGrantStore store = Open();
        foreach (Grant grant in grants)
        {
            Assert.Equal(GrantInsertion.Inserted, await store.InsertAsync(grant, Cancellation));
        }

        return store;
    }

    private async Task AssertReusedAsync(IGrantStore store, int sequence)
    {
        GrantRotation rotation = await store.TryRotateAsync(1, sequence, Terms, Cancellation);

        Assert.Equal(GrantRotationStatus.Reused, rotation.Status);
        Grant grant = (await store.FindAsync(1, Cancellation))!;
        Assert.Equal((RevocationReason.RefreshReused, (DateTimeOffset?)Time.GetUtcNow()), (grant.RevokedFor, grant.RevokedAt));
        Assert.Equal(GrantRotationStatus.Revoked, (await store.TryRotateAsync(1, grant.Sequence, Terms, Cancellation)).Status);
    }

    private static async Task<T[]> InParallelAsync<T>(Func<int, ValueTask<T>> operation)
    {
        TaskCompletionSource start = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<T>[] tasks = [.. Enumerable.Range(0, Threads).Select(i => Task.Run(async () =>
        {
            await start.Task;
            return await operation(i);
        }))];
        start.SetResult();
        return await Task.WhenAll(tasks);
    }
}
