using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Tokens;

public sealed class TokenKeysTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_nodes_that_start_at_once_make_one_master_key()
    {
        for (int round = 0; round < 20; round++)
        {
            TokenDeskSettings shared = Shared();
            TokenDesk[] nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => TokenDesk.OpenAsync(shared))));

            IssuedTokens tokens = await nodes[0].LogInAsync();

            Assert.Single(await shared.Store!.GetMasterKeysAsync(Cancellation));
            foreach (TokenDesk node in nodes)
            {
                Assert.True((await node.VerifyAsync(tokens.AccessToken!)).IsValid);
                node.Dispose();
            }
        }
    }

    [Fact]
    public async Task A_restart_opens_the_key_that_was_made_before()
    {
        TokenDeskSettings shared = Shared();
        IssuedTokens tokens;
        using (TokenDesk before = await TokenDesk.OpenAsync(shared))
        {
            tokens = await before.LogInAsync();
        }

        using TokenDesk after = await TokenDesk.OpenAsync(shared);

        Assert.True((await after.VerifyAsync(tokens.AccessToken!)).IsValid);
        Assert.True((await after.RefreshAsync(tokens)).Verdict.IsValid);
    }

    [Fact]
    public async Task Tokens_of_the_version_before_are_accepted_until_the_last_of_them_expires()
    {
        TokenDeskSettings settings = Shared();
        using TokenDesk desk = await TokenDesk.OpenAsync(settings);
        IssuedTokens tokens = await desk.LogInAsync();

        Assert.Equal(2, await desk.Keys.RotateAsync(Cancellation));

        Assert.True((await desk.VerifyAsync(tokens.AccessToken!)).IsValid);
        IssuedTokens refreshed = await desk.RefreshAsync(tokens);
        Assert.Equal((TokenStatus.Valid, 2), (refreshed.Verdict.Status, refreshed.Grant!.KeyVersion));

        // Even while the rows that name it are gone, the key itself ends no earlier and no later.
        var old = new TokenContent(TokenKind.Refresh, 1, 0, settings.Time.GetUtcNow() + TimeSpan.FromDays(90), KeyVersion: 1);
        string token = desk.Verifier.Format.Write(old, desk.Keys.Current);
        settings.Time.Advance(settings.Options.RefreshLifetime);
        Assert.Equal(TokenStatus.Valid, desk.Verifier.Read(TokenKind.Refresh, token, out _));
        settings.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TokenStatus.TamperedToken, desk.Verifier.Read(TokenKind.Refresh, token, out _));
    }

    [Fact]
    public async Task Rotating_twice_at_once_ends_no_token_that_has_not_expired()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens tokens = await desk.LogInAsync();

        await desk.Keys.RotateAsync(Cancellation);
        Assert.Equal(3, await desk.Keys.RotateAsync(Cancellation));

        Assert.True((await desk.VerifyAsync(tokens.AccessToken!)).IsValid);
        Assert.Equal(3, (await desk.RefreshAsync(tokens)).Grant!.KeyVersion);
    }

    [Fact]
    public async Task The_same_successor_is_made_with_the_key_that_made_it_first()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens tokens = await desk.LogInAsync();
        IssuedTokens first = await desk.RefreshAsync(tokens);

        await desk.Keys.RotateAsync(Cancellation);
        IssuedTokens again = await desk.RefreshAsync(tokens);

        Assert.Equal((first.AccessToken, first.RefreshToken), (again.AccessToken, again.RefreshToken));
    }

    [Fact]
    public async Task A_node_that_has_not_heard_of_a_rotation_answers_with_the_other_node_s_key()
    {
        TokenDeskSettings shared = Shared();
        using TokenDesk first = await TokenDesk.OpenAsync(shared);
        using TokenDesk second = await TokenDesk.OpenAsync(shared);
        IssuedTokens tokens = await first.LogInAsync();
        await first.Keys.RotateAsync(Cancellation);
        IssuedTokens refreshed = await first.RefreshAsync(tokens);

        IssuedTokens again = await second.RefreshAsync(tokens);

        Assert.Equal(refreshed.RefreshToken, again.RefreshToken);
        Assert.True((await second.VerifyAsync(refreshed.AccessToken!)).IsValid);
    }

    [Fact]
    public async Task Two_nodes_that_rotate_at_once_agree()
    {
        TokenDeskSettings shared = Shared();
        using TokenDesk first = await TokenDesk.OpenAsync(shared);
        using TokenDesk second = await TokenDesk.OpenAsync(shared);

        await Task.WhenAll(Task.Run(() => first.Keys.RotateAsync(Cancellation).AsTask(), Cancellation), Task.Run(() => second.Keys.RotateAsync(Cancellation).AsTask(), Cancellation));
        await first.Keys.LoadAsync(Cancellation);
        await second.Keys.LoadAsync(Cancellation);

        IssuedTokens tokens = await first.LogInAsync();
        Assert.True((await second.VerifyAsync(tokens.AccessToken!)).IsValid);
        Assert.Equal(first.Keys.Current.CurrentVersion, second.Keys.Current.CurrentVersion);
    }

    [Fact]
    public async Task A_wrong_key_ring_stops_the_start_and_says_what_to_do()
    {
        TokenDeskSettings shared = Shared();
        (await TokenDesk.OpenAsync(shared)).Dispose();

        TokenStartException exception = await Assert.ThrowsAsync<TokenStartException>(
            () => TokenDesk.OpenAsync(shared with { KeyRing = new EphemeralDataProtectionProvider() }));

        Assert.Equal(TokenStartFault.WrongKeyRing, exception.Fault);
        Assert.Contains("key ring", exception.Message);
        Assert.IsType<CryptographicException>(exception.InnerException, exactMatch: false);
        Assert.Single(await shared.Store!.GetMasterKeysAsync(Cancellation));
    }

    [Fact]
    public async Task A_sealed_key_does_not_open_as_another_version()
    {
        TokenDeskSettings shared = Shared();
        (await TokenDesk.OpenAsync(shared)).Dispose();
        SealedMasterKey first = Assert.Single(await shared.Store!.GetMasterKeysAsync(Cancellation));
        await shared.Store.AddMasterKeyAsync(new SealedMasterKey { Version = 2, Sealed = first.Sealed, Created = first.Created }, Cancellation);

        TokenStartException exception = await Assert.ThrowsAsync<TokenStartException>(() => TokenDesk.OpenAsync(shared));

        Assert.Equal(TokenStartFault.WrongKeyRing, exception.Fault);
        Assert.Contains("version 2", exception.Message);
    }

    [Fact]
    public async Task Another_secret_of_the_same_ring_is_not_taken_for_a_master_key()
    {
        TokenDeskSettings shared = Shared();
        byte[] short16 = shared.KeyRing.CreateProtector("Signing.AspNetCore", "token master key", "1").Protect(new byte[16]);
        await shared.Store!.AddMasterKeyAsync(new SealedMasterKey { Version = 1, Sealed = short16, Created = shared.Time.GetUtcNow() }, Cancellation);

        Assert.Equal(TokenStartFault.WrongKeyRing, (await Assert.ThrowsAsync<TokenStartException>(() => TokenDesk.OpenAsync(shared))).Fault);
    }

    [Fact]
    public async Task A_version_that_has_ended_need_not_open_any_more()
    {
        TokenDeskSettings shared = Shared();
        using (TokenDesk desk = await TokenDesk.OpenAsync(shared))
        {
            await desk.Keys.RotateAsync(Cancellation);
        }

        // The ring forgets what sealed version 1; version 2 stands as it is.
        var store = new InMemoryGrantStore(time: shared.Time);
        IReadOnlyList<SealedMasterKey> keys = await shared.Store!.GetMasterKeysAsync(Cancellation);
        await store.AddMasterKeyAsync(new SealedMasterKey { Version = 1, Sealed = [1, 2, 3], Created = keys[0].Created }, Cancellation);
        await store.AddMasterKeyAsync(keys[1], Cancellation);

        await Assert.ThrowsAsync<TokenStartException>(() => TokenDesk.OpenAsync(shared with { Store = store }));
        shared.Time.Advance(shared.Options.RefreshLifetime + TimeSpan.FromSeconds(1));
        using TokenDesk later = await TokenDesk.OpenAsync(shared with { Store = store });
        Assert.Equal(2, later.Keys.Current.CurrentVersion);
    }

    [Fact]
    public async Task The_store_holds_the_master_key_sealed_only()
    {
        TokenDeskSettings shared = Shared();
        using TokenDesk desk = await TokenDesk.OpenAsync(shared);

        SealedMasterKey key = Assert.Single(await shared.Store!.GetMasterKeysAsync(Cancellation));
        byte[] master = shared.KeyRing.CreateProtector("Signing.AspNetCore", "token master key", "1").Unprotect(key.Sealed);

        Assert.Equal(32, master.Length);
        Assert.Equal(-1, key.Sealed.AsSpan().IndexOf(master.AsSpan(0, 8)));
        Assert.Equal("master key version 1", key.ToString());
    }

    [Fact]
    public async Task A_seal_of_an_older_ring_key_is_replaced_at_the_start()
    {
        KeysInMemory repository = new();
        TokenDeskSettings shared = Shared() with { KeyRing = RingOf(repository) };
        using TokenDesk before = await TokenDesk.OpenAsync(shared);
        IssuedTokens tokens = await before.LogInAsync();
        SealedMasterKey first = Assert.Single(await shared.Store!.GetMasterKeysAsync(Cancellation));
        ManagerOf(repository).CreateNewKey(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(90));

        using TokenDesk after = await TokenDesk.OpenAsync(shared with { KeyRing = RingOf(repository) });

        SealedMasterKey second = Assert.Single(await shared.Store.GetMasterKeysAsync(Cancellation));
        Assert.NotEqual(first.Sealed, second.Sealed);
        Assert.Equal((first.Version, first.Created), (second.Version, second.Created));
        Assert.True((await after.VerifyAsync(tokens.AccessToken!)).IsValid);

        // Once is enough.
        using TokenDesk again = await TokenDesk.OpenAsync(shared with { KeyRing = RingOf(repository) });
        Assert.Equal(second.Sealed, Assert.Single(await shared.Store.GetMasterKeysAsync(Cancellation)).Sealed);
    }

    [Fact]
    public async Task Nothing_is_verified_before_the_key_is_read()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        using var keys = new TokenKeys(desk.Store, new EphemeralDataProtectionProvider(), new TokenOptions(), desk.Time, desk.Log.CreateLogger("keys"));

        Assert.Throws<InvalidOperationException>(() => keys.Current);
    }

    private static IDataProtectionProvider RingOf(KeysInMemory repository) => HostOf(repository).GetDataProtectionProvider();

    private static IKeyManager ManagerOf(KeysInMemory repository) => HostOf(repository).GetRequiredService<IKeyManager>();

    private static ServiceProvider HostOf(KeysInMemory repository)
    {
        ServiceCollection services = new();
        services.AddDataProtection().SetApplicationName("tests");
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = repository);
        return services.BuildServiceProvider();
    }

    private static TokenDeskSettings Shared()
    {
        ManualTimeProvider time = new();
        return new TokenDeskSettings { Time = time, Store = new InMemoryGrantStore(time: time) };
    }
}
