using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Tokens;

public sealed class LaterKeyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_of_a_version_that_another_node_has_just_made_is_accepted_at_once()
    {
        (TokenDesk first, TokenDesk second, _) = await NodesAsync();
        await first.Keys.RotateAsync(Cancellation);
        IssuedTokens tokens = await first.LogInAsync();

        Assert.True((await second.VerifyAsync(tokens.AccessToken!)).IsValid);
        Assert.True((await second.VerifyAsync(tokens.AccessToken!)).IsValid);
        first.Dispose();
        second.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task A_refresh_token_of_a_version_some_rotations_ahead_is_read_and_introspected_at_once(int rotations)
    {
        (TokenDesk first, TokenDesk second, _) = await NodesAsync();
        await RotateAsync(first, rotations);
        IssuedTokens tokens = await first.LogInAsync();

        (TokenStatus status, TokenContent content) = await second.Verifier.ReadAsync(TokenKind.Refresh, tokens.RefreshToken!, Cancellation);

        Assert.Equal((TokenStatus.Valid, rotations + 1), (status, content.KeyVersion));
        Assert.True((await second.Verifier.IntrospectAsync(tokens.RefreshToken!, static _ => true, Cancellation)).IsValid);
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task A_token_of_a_later_version_is_judged_by_its_grant_as_any_other()
    {
        (TokenDesk first, TokenDesk second, _) = await NodesAsync();
        await RotateAsync(first, rotations: 1);
        IssuedTokens tokens = await first.LogInAsync();
        (_, TokenContent content) = await first.Verifier.ReadAsync(TokenKind.Access, tokens.AccessToken!, Cancellation);
        Assert.True((await first.Issuer.RevokeAsync(content, first.Client, Cancellation)).IsValid);

        Assert.Equal(TokenStatus.Revoked, (await second.VerifyAsync(tokens.AccessToken!)).Status);
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task Made_up_tokens_have_the_store_asked_once_a_second_and_get_503_where_nobody_can_tell()
    {
        (TokenDesk first, TokenDesk second, CountingStore store) = await NodesAsync();
        string madeUp = await MakeUpAsync(rotations: 1);

        Assert.Equal(TokenStatus.TamperedToken, (await second.VerifyAsync(madeUp)).Status);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(TokenStatus.GrantStoreUnavailable, (await second.VerifyAsync(madeUp)).Status);
        }

        Assert.Equal(1, store.Calls);
        second.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TokenStatus.TamperedToken, (await second.VerifyAsync(madeUp)).Status);
        Assert.Equal(2, store.Calls);
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task A_true_token_after_a_made_up_one_gets_503_until_the_second_is_over()
    {
        (TokenDesk first, TokenDesk second, _) = await NodesAsync();
        await second.VerifyAsync(await MakeUpAsync(rotations: 1));
        await first.Keys.RotateAsync(Cancellation);
        IssuedTokens tokens = await first.LogInAsync();

        Assert.Equal(TokenStatus.GrantStoreUnavailable, (await second.VerifyAsync(tokens.AccessToken!)).Status);

        second.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await second.VerifyAsync(tokens.AccessToken!)).IsValid);
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task Tokens_that_name_a_version_too_far_ahead_or_an_earlier_one_never_reach_the_store()
    {
        (TokenDesk first, TokenDesk second, CountingStore store) = await NodesAsync();
        string same = await MakeUpAsync(rotations: 0);
        string far = await MakeUpAsync(rotations: 17);

        Assert.Equal(TokenStatus.TamperedToken, (await second.VerifyAsync(same)).Status);
        Assert.Equal(TokenStatus.TamperedToken, (await second.VerifyAsync(far)).Status);
        Assert.Equal(0, store.Calls);
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task Many_tokens_of_a_new_version_at_once_have_the_store_asked_for_keys_once()
    {
        (TokenDesk first, TokenDesk second, CountingStore store) = await NodesAsync();
        await first.Keys.RotateAsync(Cancellation);
        IssuedTokens tokens = await first.LogInAsync();
        store.Clear();
        store.IsRemote = true;

        (TokenStatus Status, TokenContent Content)[] readings = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ =>
            Task.Run(() => second.Verifier.ReadAsync(TokenKind.Access, tokens.AccessToken!, Cancellation).AsTask(), Cancellation)));

        Assert.All(readings, reading => Assert.Equal(TokenStatus.Valid, reading.Status));
        Assert.Equal(1, store.Calls);
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task A_true_token_is_never_tampered_while_its_key_is_read()
    {
        const int Rotations = 200;
        (TokenDesk first, TokenDesk second, _) = await NodesAsync();

        // Its interval is used up, so that the key comes by the news of the other node alone.
        await second.VerifyAsync(await MakeUpAsync(rotations: 1));
        for (int i = 0; i < Rotations; i++)
        {
            await first.Keys.RotateAsync(Cancellation);
            string token = (await first.LogInAsync()).AccessToken!;
            int version = first.Keys.Current.CurrentVersion;
            Task<TokenStatus[]>[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => ReadUntilKnownAsync(token), Cancellation))];
            await second.Keys.FollowAsync(Cancellation);

            Assert.Equal(version, second.Keys.Current.CurrentVersion);
            TokenStatus[] refused = [.. (await Task.WhenAll(readers)).SelectMany(statuses => statuses)];
            Assert.DoesNotContain(TokenStatus.TamperedToken, refused);
        }

        first.Dispose();
        second.Dispose();

        async Task<TokenStatus[]> ReadUntilKnownAsync(string token)
        {
            HashSet<TokenStatus> refused = [];
            TokenStatus status;
            do
            {
                (status, _) = await second.Verifier.ReadAsync(TokenKind.Access, token, Cancellation);
                refused.Add(status);
            }
            while (status != TokenStatus.Valid);
            return [.. refused];
        }
    }

    [Fact]
    public async Task A_store_that_cannot_tell_means_503_and_never_401()
    {
        (TokenDesk first, TokenDesk second, CountingStore store) = await NodesAsync();
        await first.Keys.RotateAsync(Cancellation);
        IssuedTokens tokens = await first.LogInAsync();
        store.Failure = new IOException("unreachable");

        Assert.Equal(TokenStatus.GrantStoreUnavailable, (await second.VerifyAsync(tokens.AccessToken!)).Status);
        Assert.Equal(TokenStatus.GrantStoreUnavailable, (await second.VerifyAsync(tokens.AccessToken!)).Status);

        store.Failure = null;
        second.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await second.VerifyAsync(tokens.AccessToken!)).IsValid);
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task Where_nobody_else_can_make_a_key_a_later_version_is_made_up()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        string madeUp = await MakeUpAsync(rotations: 1);

        Assert.Equal(TokenStatus.TamperedToken, (await desk.VerifyAsync(madeUp)).Status);
        Assert.Equal(TokenStatus.TamperedToken, (await desk.VerifyAsync(madeUp)).Status);
    }

    // Two nodes of one store; the count is of what the second one asks, because the first has asked all it needs.
    private static async Task<(TokenDesk First, TokenDesk Second, CountingStore Store)> NodesAsync()
    {
        ManualTimeProvider time = new();
        var store = new CountingStore(new InMemoryGrantStore(time: time));
        var shared = new TokenDeskSettings { Time = time, Store = store };
        TokenDesk first = await TokenDesk.OpenAsync(shared);
        TokenDesk second = await TokenDesk.OpenAsync(shared);
        store.Clear();
        return (first, second, store);
    }

    // Like a token of the same issuer, but of a key that the issuer does not have.
    private static async Task<string> MakeUpAsync(int rotations)
    {
        using TokenDesk stranger = await TokenDesk.OpenAsync();
        await RotateAsync(stranger, rotations);
        return (await stranger.LogInAsync()).AccessToken!;
    }

    private static async Task RotateAsync(TokenDesk desk, int rotations)
    {
        for (int i = 0; i < rotations; i++)
        {
            await desk.Keys.RotateAsync(Cancellation);
        }
    }
}
