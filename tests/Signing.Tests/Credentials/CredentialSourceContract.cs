using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials;

/// <summary>What every source of credentials must hold when it is read; each source's test class inherits it.</summary>
public abstract class CredentialSourceContract
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts the source under test with these credentials.</summary>
    protected abstract ValueTask<ICredentialSource> StartAsync(params CredentialSpec[] credentials);

    /// <summary>Replaces all credentials of the started source; returns when the next request must see them.</summary>
    protected abstract ValueTask ReplaceAsync(params CredentialSpec[] credentials);

    [Fact]
    public async Task A_known_key_is_found_with_everything_it_has()
    {
        CredentialSpec spec = new("key_1")
        {
            Name = "nightly import",
            Application = "app_orders",
            Workspace = "ws_acme",
            Environment = "live",
            Scopes = ["orders.read", "orders.write"],
            NotBefore = Now,
            Expires = Now.AddDays(1),
        };
        ICredentialSource source = await StartAsync(new CredentialSpec("key_0"), spec, new CredentialSpec("key_2"));

        Credential credential = Assert.IsType<Credential>(await FindAsync(source, "key_1"));

        Assert.Equal("key_1", credential.Key);
        Assert.Equal(spec.Name, credential.Name);
        Assert.Equal(spec.Application, credential.ApplicationId);
        Assert.Equal(spec.Workspace, credential.WorkspaceId);
        Assert.Equal(spec.Environment, credential.Environment);
        Assert.Equal(spec.Scopes, credential.Scopes);
        Assert.Equal(spec.NotBefore, credential.NotBefore);
        Assert.Equal(spec.Expires, credential.Expires);
        Assert.Equal(StoredStatus.Active, credential.Status);
        Assert.Equal("key_1", Assert.Single(credential.Secrets.ToArray()).KeyId);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("KEY_1")]
    [InlineData("key_")]
    [InlineData("key_11")]
    [InlineData("key_1 ")]
    [InlineData("key_1\0")]
    [InlineData("key_1:Secret")]
    [InlineData("..:key_1")]
    [InlineData("0")]
    [InlineData("kéy_1")]
    public async Task Any_other_key_id_is_unknown(string key)
    {
        ICredentialSource source = await StartAsync(new CredentialSpec("key_1"));

        Assert.Null(await FindAsync(source, key));
        Assert.Null(await source.FindAsync(key, Cancellation));
    }

    [Fact]
    public async Task A_key_id_of_any_length_is_looked_up_without_failing()
    {
        ICredentialSource source = await StartAsync(new CredentialSpec("key_1"), new CredentialSpec(new string('k', 256)));

        Assert.NotNull(await FindAsync(source, new string('k', 256)));
        Assert.Null(await FindAsync(source, new string('k', 257)));
        Assert.Null(await FindAsync(source, new string('k', 100_000)));
    }

    [Fact]
    public async Task Both_ways_to_ask_give_the_same_version()
    {
        ICredentialSource source = await StartAsync(new CredentialSpec("key_1"));

        Credential? found = await source.FindAsync("key_1", Cancellation);

        Assert.NotNull(found);
        Assert.Same(found, await FindAsync(source, "key_1"));
        Assert.Same(found, await source.FindAsync("key_1", Cancellation));
    }

    [Fact]
    public async Task A_change_is_seen_by_the_next_request_and_not_by_a_version_in_use()
    {
        ICredentialSource source = await StartAsync(new CredentialSpec("key_1"), new CredentialSpec("key_2"));
        Credential inUse = Assert.IsType<Credential>(await FindAsync(source, "key_1"));

        await ReplaceAsync(new CredentialSpec("key_1") { Status = StoredStatus.Suspended }, new CredentialSpec("key_3"));

        Credential next = Assert.IsType<Credential>(await FindAsync(source, "key_1"));
        Assert.Equal(CredentialStatus.Suspended, next.Evaluate(0, Now));
        Assert.NotSame(inUse, next);
        Assert.Equal(CredentialStatus.Valid, inUse.Evaluate(0, Now));
        Assert.Null(await FindAsync(source, "key_2"));
        Assert.NotNull(await FindAsync(source, "key_3"));
    }

    [Fact]
    public async Task A_revoked_credential_has_no_Secret_left_to_verify_with()
    {
        ICredentialSource source = await StartAsync(new CredentialSpec("key_1"));
        Assert.Equal(1, (await FindAsync(source, "key_1"))?.Secrets.Length);

        await ReplaceAsync(new CredentialSpec("key_1") { Status = StoredStatus.Revoked });

        Credential revoked = Assert.IsType<Credential>(await FindAsync(source, "key_1"));
        Assert.Equal(CredentialStatus.Revoked, revoked.Evaluate(-1, Now));
        Assert.Equal(0, revoked.Secrets.Length);
    }

    [Fact]
    public async Task The_Secrets_of_a_version_in_use_go_on_verifying_after_a_change()
    {
        ICredentialSource source = await StartAsync(new CredentialSpec("key_1"));
        Credential inUse = Assert.IsType<Credential>(await FindAsync(source, "key_1"));
        byte[] before = new byte[32];
        HmacSha256.Compute(inUse.Secrets[0], "base"u8, before);

        await ReplaceAsync(new CredentialSpec("key_1") { Secret = "another-secret-0123456789" });
        GC.Collect();

        Assert.True(HmacSha256.Verify(inUse.Secrets[0], "base"u8, before));
        Assert.False(HmacSha256.Verify(Assert.IsType<Credential>(await FindAsync(source, "key_1")).Secrets[0], "base"u8, before));
    }

    [Fact]
    public async Task Requests_during_changes_see_one_version_or_the_other()
    {
        ICredentialSource source = await StartAsync(new CredentialSpec("key_1") { Name = "a" });
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<int>[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                int reads = 0;
                do
                {
                    Credential credential = Assert.IsType<Credential>(await FindAsync(source, "key_1"));
                    Assert.True(credential.Name is "a" or "b");
                    reads++;

                    // A store that waits for something gets a thread in between.
                    await Task.Yield();
                }
                while (!stop.IsCancellationRequested);
                return reads;
            },
            Cancellation))];

        for (int i = 0; i < 50; i++)
        {
            await ReplaceAsync(new CredentialSpec("key_1") { Name = i % 2 == 0 ? "b" : "a" });
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(readers), reads => Assert.True(reads > 0));
        Assert.Equal("a", (await FindAsync(source, "key_1"))?.Name);
    }

    [Fact]
    public async Task A_warm_look_up_allocates_nothing_for_known_and_unknown_keys()
    {
        ICredentialSource source = await StartAsync([.. Enumerable.Range(0, 50).Select(i => new CredentialSpec($"key_{i}"))]);
        Assert.NotNull(await source.FindAsync("key_7", Cancellation));
        const string Message = "keyid=\"key_7\";nonce=\"key_unknown\"";

        Assert.Equal(0, Allocation.OfWarmed(() =>
        {
            Assert.True(source.TryGetCached(Message.AsSpan(7, 5), out Credential? known) && known is not null);
            Assert.False(source.TryGetCached(Message.AsSpan(21, 11), out Credential? unknown) && unknown is not null);
        }));
    }

    /// <summary>Asks as the server does: memory first.</summary>
    protected static async ValueTask<Credential?> FindAsync(ICredentialSource source, string key)
        => source.TryGetCached(key, out Credential? credential) ? credential : await source.FindAsync(key, Cancellation);
}
