using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.House;
using Signing.Tests.Support;

namespace Signing.Tests.Tokens;

public sealed class TokenIssuerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_login_issues_tokens_that_verify_and_refresh()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();

        IssuedTokens first = await desk.LogInAsync();
        TokenVerdict verdict = await desk.VerifyAsync(first.AccessToken!);
        IssuedTokens second = await desk.RefreshAsync(first);

        Assert.Equal(TokenStatus.Valid, verdict.Status);
        Assert.Same(desk.Client, verdict.Credential);
        Assert.Equal(900, first.ExpiresIn);
        Assert.Equal(TokenStatus.Valid, second.Verdict.Status);
        Assert.Equal((1, 900), (second.Grant!.Sequence, second.ExpiresIn));
        Assert.NotEqual(first.AccessToken, second.AccessToken);
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.True((await desk.VerifyAsync(second.AccessToken!)).IsValid);
    }

    [Fact]
    public async Task The_spans_of_logins_refreshes_and_revocations_have_the_tags_that_the_README_tells()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        using var own = new Activity("test");
        var told = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SignatureDefaults.TelemetryName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.TraceId == own.TraceId)
                {
                    told.Enqueue($"| Signing.AspNetCore | span | `{span.OperationName}` | {string.Join(", ", span.Tags.Select(tag => $"`{tag.Key}`"))} |");
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        own.Start();

        IssuedTokens tokens = await desk.LogInAsync();
        tokens = await desk.RefreshAsync(tokens);
        desk.Verifier.Read(TokenKind.Refresh, tokens.RefreshToken, out TokenContent content);
        await desk.Issuer.RevokeAsync(content, desk.Client, Cancellation);

        Assert.Equal(3, told.Count);
        Assert.All(told, row => Assert.Contains(Repository.Lines("src/Signing.AspNetCore/README.md"), line => line.StartsWith(row, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_grant_says_who_logged_in_for_what()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();

        Grant grant = (await desk.LogInAsync()).Grant!;

        Assert.Equal(("key_tokens_1", "crd_1", "app_1"), (grant.ClientKey, grant.CredentialId, grant.ApplicationId));
        Assert.Equal(("ws_1", "ws_1", null), (grant.ActingWorkspaceId, grant.WorkspaceId, grant.SharingKeyId));
        Assert.Equal(["orders.read", "orders.write"], grant.Scopes);
        Assert.Equal(desk.Time.GetUtcNow(), grant.Issued);
    }

    [Fact]
    public async Task A_login_permits_no_scope_that_the_client_lacks()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();

        IssuedTokens tokens = await desk.Issuer.LogInAsync(new LogIn(desk.Client, ["orders.write", "admin"]), Cancellation);

        Assert.Equal(["orders.write"], tokens.Grant!.Scopes);
    }

    [Fact]
    public async Task A_login_without_a_refresh_token_ends_with_its_access_token()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();

        IssuedTokens tokens = await desk.LogInAsync(withRefreshToken: false);

        Assert.Null(tokens.RefreshToken);
        Assert.True((await desk.VerifyAsync(tokens.AccessToken!)).IsValid);
        desk.Time.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(TokenStatus.Expired, (await desk.VerifyAsync(tokens.AccessToken!)).Status);
    }

    [Fact]
    public async Task An_access_token_expires_after_its_lifetime_and_not_before()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens tokens = await desk.LogInAsync();

        desk.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.True((await desk.VerifyAsync(tokens.AccessToken!)).IsValid);
        desk.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TokenStatus.Expired, (await desk.VerifyAsync(tokens.AccessToken!)).Status);
    }

    [Fact]
    public async Task An_access_token_stays_good_after_a_refresh_until_it_expires()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens first = await desk.LogInAsync();
        await desk.RefreshAsync(await desk.RefreshAsync(first));

        Assert.True((await desk.VerifyAsync(first.AccessToken!)).IsValid);
    }

    [Fact]
    public async Task A_lost_answer_is_given_again_byte_for_byte()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens first = await desk.LogInAsync();
        desk.Time.Advance(TimeSpan.FromMinutes(12));
        IssuedTokens lost = await desk.RefreshAsync(first);

        desk.Time.Advance(TimeSpan.FromSeconds(100.3));
        IssuedTokens again = await desk.RefreshAsync(first);

        Assert.Equal((lost.AccessToken, lost.RefreshToken), (again.AccessToken, again.RefreshToken));
        Assert.Equal((900, 800), (lost.ExpiresIn, again.ExpiresIn));
        Assert.True((await desk.VerifyAsync(again.AccessToken!)).IsValid);
        Assert.True((await desk.RefreshAsync(again)).Verdict.IsValid);
    }

    [Fact]
    public async Task An_answer_that_is_given_again_after_its_access_token_has_ended_never_says_zero_seconds()
    {
        TokenOptions options = TokenDeskSettings.OptionsOf("https://api.example.com/auth");
        options.AccessLifetime = TimeSpan.FromSeconds(30);
        using TokenDesk desk = await TokenDesk.OpenAsync(new TokenDeskSettings { Options = options });
        IssuedTokens first = await desk.LogInAsync();
        IssuedTokens lost = await desk.RefreshAsync(first);

        desk.Time.Advance(TimeSpan.FromSeconds(60));
        IssuedTokens again = await desk.RefreshAsync(first);

        Assert.Equal((lost.AccessToken, lost.RefreshToken, 1), (again.AccessToken, again.RefreshToken, again.ExpiresIn));
        Assert.Equal(30, (await desk.RefreshAsync(again)).ExpiresIn);
    }

    [Fact]
    public async Task Parallel_refreshes_with_one_token_get_one_successor()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens first = await desk.LogInAsync();

        IssuedTokens[] answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => desk.RefreshAsync(first))));

        Assert.All(answers, answer => Assert.Equal((answers[0].AccessToken, answers[0].RefreshToken), (answer.AccessToken, answer.RefreshToken)));
        Assert.Equal(1, answers[0].Grant!.Sequence);
    }

    [Theory]
    [InlineData("access token")]
    [InlineData("refresh token")]
    public async Task Once_the_successor_was_used_its_predecessor_revokes_the_grant(string used)
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens first = await desk.LogInAsync();
        IssuedTokens second = await desk.RefreshAsync(first);
        IssuedTokens newest = second;
        if (used == "access token")
        {
            Assert.True((await desk.VerifyAsync(second.AccessToken!)).IsValid);
        }
        else
        {
            newest = await desk.RefreshAsync(second);
        }

        IssuedTokens reused = await desk.RefreshAsync(first);

        Assert.Equal(("refresh_reused", null), (reused.ToString(), reused.AccessToken));
        Assert.Equal(TokenStatus.RefreshReused, (await desk.VerifyAsync(newest.AccessToken!)).Status);
        Assert.Equal(TokenStatus.RefreshReused, (await desk.RefreshAsync(newest)).Verdict.Status);
    }

    [Fact]
    public async Task A_successor_that_was_refused_has_not_been_used()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens first = await desk.LogInAsync();
        IssuedTokens second = await desk.RefreshAsync(first);
        desk.Credentials.Set(new Credential("key_tokens_1") { Id = "crd_1", Status = StoredStatus.Suspended });
        Assert.Equal(TokenStatus.CredentialRefused, (await desk.VerifyAsync(second.AccessToken!)).Status);

        desk.Credentials.Set(desk.Client);

        Assert.Equal(second.RefreshToken, (await desk.RefreshAsync(first)).RefreshToken);
    }

    [Fact]
    public async Task A_reuse_is_logged_as_a_warning_and_counted()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        using MeterListener listener = new();
        List<string> reasons = [];
        listener.InstrumentPublished = (instrument, meter) =>
        {
            if (instrument.Name == "signing.grant.revocations" && ReferenceEquals(instrument.Meter.Scope, desk.Meters))
            {
                meter.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => reasons.Add($"{value} {tags[0].Value}"));
        listener.Start();
        IssuedTokens first = await desk.LogInAsync();
        await desk.RefreshAsync(await desk.RefreshAsync(first));

        await desk.RefreshAsync(first);

        Assert.Equal(["1 refresh_reused"], reasons);
        LogLine line = Assert.Single(desk.Log.Lines, line => line.Level == LogLevel.Warning);
        Assert.Contains("key_tokens_1", line.Text);
        Assert.Contains("used again", line.Text);
    }

    [Theory]
    [InlineData("key_thief", "crd_thief")]
    [InlineData("key_thief", "crd_1")]
    [InlineData("key_tokens_1", "crd_thief")]
    public async Task A_refresh_token_of_another_client_is_refused_and_harms_nobody(string key, string id)
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens tokens = await desk.LogInAsync();
        await desk.RefreshAsync(await desk.RefreshAsync(tokens));
        var thief = new Credential(key) { Id = id };
        desk.Verifier.Read(TokenKind.Refresh, tokens.RefreshToken, out TokenContent content);

        IssuedTokens answer = await desk.Issuer.RefreshAsync(content, thief, Cancellation);
        TokenVerdict revocation = await desk.Issuer.RevokeAsync(content, thief, Cancellation);

        Assert.Equal(TokenStatus.AnotherClient, answer.Verdict.Status);
        Assert.Equal(TokenStatus.AnotherClient, revocation.Status);
        Assert.True((await desk.VerifyAsync(tokens.AccessToken!)).IsValid);
    }

    [Fact]
    public async Task A_refresh_token_alone_is_enough_only_where_the_caller_says_so()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens tokens = await desk.LogInAsync();
        desk.Verifier.Read(TokenKind.Refresh, tokens.RefreshToken, out TokenContent content);

        IssuedTokens answer = await desk.Issuer.RefreshAsync(content, client: null, Cancellation);

        Assert.True(answer.Verdict.IsValid);
        desk.Credentials.Remove(desk.Client.Key);
        Assert.Equal(TokenStatus.Revoked, (await desk.Issuer.RefreshAsync(content with { Sequence = 1 }, client: null, Cancellation)).Verdict.Status);
    }

    [Fact]
    public async Task An_access_token_s_content_cannot_be_refreshed()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens tokens = await desk.LogInAsync();
        desk.Verifier.Read(TokenKind.Access, tokens.AccessToken, out TokenContent content);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await desk.Issuer.RefreshAsync(content, desk.Client, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await desk.Issuer.RevokeAsync(default, desk.Client, Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sgn_access_AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJJW8opsbCGfG_HACGpVUMN_a9IV7pAx_Zmeo")]
    [InlineData("sgn_access_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("sgn_refresh_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Garbage_never_reaches_the_stores(string garbage)
    {
        ManualTimeProvider time = new();
        var store = new CountingStore(new InMemoryGrantStore(time: time));
        using TokenDesk desk = await TokenDesk.OpenAsync(new TokenDeskSettings { Time = time, Store = store });
        store.Clear();

        TokenVerdict verdict = await desk.VerifyAsync(garbage);
        IssuedTokens answer = await desk.RefreshAsync(garbage);
        TokenVerdict introspection = await desk.Verifier.IntrospectAsync(garbage, static _ => true, Cancellation);

        Assert.All([verdict.Status, answer.Verdict.Status, introspection.Status], status => Assert.True(status is TokenStatus.MalformedToken or TokenStatus.TamperedToken, $"{status}"));
        Assert.Equal((0, 0), (store.Calls, desk.Credentials.LookUps));
    }

    public static TheoryData<string> Refusals => ["suspended", "application_suspended", "workspace_disabled", "expired", "not_yet_valid", "environment_mismatch", "revoked", "gone", "replaced"];

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_credential_that_is_refused_is_refused_with_the_next_request_and_the_next_refresh(string change)
    {
        using TokenDesk desk = await TokenDesk.OpenAsync(new TokenDeskSettings
        {
            Options = new TokenOptions { Issuer = new Uri("https://api.example.com"), Environment = "live" },
            Client = new Credential("key_tokens_1") { Id = "crd_1", Environment = "live", Scopes = ["orders.read"] },
        });
        IssuedTokens tokens = await desk.LogInAsync();
        Assert.True((await desk.VerifyAsync(tokens.AccessToken!)).IsValid);

        DateTimeOffset now = desk.Time.GetUtcNow();
        Credential changed = new("key_tokens_1")
        {
            Id = change == "replaced" ? "crd_2" : "crd_1",
            Status = change switch { "suspended" => StoredStatus.Suspended, "revoked" => StoredStatus.Revoked, _ => StoredStatus.Active },
            ApplicationSuspended = change == "application_suspended",
            WorkspaceDisabled = change == "workspace_disabled",
            Expires = change == "expired" ? now : null,
            NotBefore = change == "not_yet_valid" ? now.AddSeconds(1) : null,
            Environment = change == "environment_mismatch" ? "test" : "live",
            Scopes = ["orders.read"],
        };
        desk.Credentials.Set(changed);
        if (change == "gone")
        {
            desk.Credentials.Remove(changed.Key);
        }

        string expected = change is "gone" or "replaced" ? "revoked" : change;
        foreach (bool cached in (bool[])[true, false])
        {
            desk.Credentials.Cached = cached;
            TokenVerdict verdict = await desk.VerifyAsync(tokens.AccessToken!);
            Assert.Equal((expected, false, Disclosure.Holder), (verdict.Outcome.Code, verdict.IsValid, verdict.Outcome.Disclosure));
            Assert.Equal(expected, (await desk.Verifier.IntrospectAsync(tokens.RefreshToken!, static _ => true, Cancellation)).Outcome.Code);
        }

        desk.Verifier.Read(TokenKind.Refresh, tokens.RefreshToken, out TokenContent content);
        Assert.Equal(expected, (await desk.Issuer.RefreshAsync(content, client: null, Cancellation)).ToString());

        // Nothing was used up: when the credential comes back, so does the grant.
        desk.Credentials.Set(desk.Client);
        Assert.True((await desk.RefreshAsync(tokens)).Verdict.IsValid);
    }

    [Fact]
    public async Task A_client_that_is_refused_cannot_log_in()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        var suspended = new Credential("key_tokens_1") { Id = "crd_1", Status = StoredStatus.Suspended };

        IssuedTokens tokens = await desk.Issuer.LogInAsync(new LogIn(suspended, []), Cancellation);

        Assert.Equal(("suspended", null, null), (tokens.ToString(), tokens.AccessToken, tokens.RefreshToken));
    }

    [Fact]
    public async Task A_scope_that_the_client_has_lost_is_gone_with_the_next_refresh()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens tokens = await desk.LogInAsync();
        desk.Verifier.Read(TokenKind.Refresh, tokens.RefreshToken, out TokenContent content);
        desk.Credentials.Set(new Credential("key_tokens_1") { Id = "crd_1", Scopes = ["orders.write", "new"] });

        IssuedTokens refreshed = await desk.Issuer.RefreshAsync(content, client: null, Cancellation);

        Assert.Equal(["orders.write"], refreshed.Grant!.Scopes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_revoked_grant_is_refused_with_the_next_request(bool byAccessToken)
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens tokens = await desk.LogInAsync();
        IssuedTokens other = await desk.LogInAsync();
        desk.Verifier.Read(
            byAccessToken ? TokenKind.Access : TokenKind.Refresh, byAccessToken ? tokens.AccessToken : tokens.RefreshToken, out TokenContent content);

        Assert.Equal(TokenStatus.Valid, (await desk.Issuer.RevokeAsync(content, desk.Client, Cancellation)).Status);
        Assert.Equal(TokenStatus.Valid, (await desk.Issuer.RevokeAsync(content, desk.Client, Cancellation)).Status);

        Assert.Equal(TokenStatus.Revoked, (await desk.VerifyAsync(tokens.AccessToken!)).Status);
        Assert.Equal(TokenStatus.Revoked, (await desk.RefreshAsync(tokens)).Verdict.Status);
        Assert.Equal(TokenStatus.Revoked, (await desk.Verifier.IntrospectAsync(tokens.RefreshToken!, static _ => true, Cancellation)).Status);
        Assert.True((await desk.VerifyAsync(other.AccessToken!)).IsValid);
    }

    [Fact]
    public async Task Introspection_knows_both_kinds_and_uses_nothing_up()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens first = await desk.LogInAsync();
        IssuedTokens second = await desk.RefreshAsync(first);

        TokenVerdict previous = await desk.Verifier.IntrospectAsync(first.RefreshToken!, static _ => true, Cancellation);
        TokenVerdict current = await desk.Verifier.IntrospectAsync(second.RefreshToken!, static _ => true, Cancellation);
        Assert.Equal((TokenStatus.Valid, TokenKind.Refresh, 0), (previous.Status, previous.Content.Kind, previous.Content.Sequence));
        Assert.Equal((TokenStatus.Valid, 1), (current.Status, current.Content.Sequence));
        Assert.Equal(second.RefreshToken, (await desk.RefreshAsync(first)).RefreshToken);

        Assert.Equal((TokenStatus.Valid, TokenKind.Access), (await desk.Verifier.IntrospectAsync(second.AccessToken!, static _ => true, Cancellation)) is var access ? (access.Status, access.Content.Kind) : default);
        Assert.Equal(TokenStatus.Expired, (await desk.Verifier.IntrospectAsync(first.RefreshToken!, static _ => true, Cancellation)).Status);
        Assert.True((await desk.RefreshAsync(second)).Verdict.IsValid);
    }

    [Fact]
    public async Task A_login_that_was_swept_is_unknown()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens tokens = await desk.LogInAsync();
        using TokenDesk elsewhere = await TokenDesk.OpenAsync(new TokenDeskSettings { Time = desk.Time });
        string token = elsewhere.Verifier.Format.Write(new TokenContent(TokenKind.Access, tokens.Grant!.Id, 0, tokens.Grant.AccessExpires, 1), elsewhere.Keys.Current);

        string refresh = elsewhere.Verifier.Format.Write(new TokenContent(TokenKind.Refresh, tokens.Grant.Id, 0, tokens.Grant.AccessExpires, 1), elsewhere.Keys.Current);
        elsewhere.Verifier.Read(TokenKind.Refresh, refresh, out TokenContent content);

        Assert.Equal(TokenStatus.UnknownGrant, (await elsewhere.VerifyAsync(token)).Status);
        Assert.Equal(TokenStatus.UnknownGrant, (await elsewhere.RefreshAsync(refresh)).Verdict.Status);
        Assert.Equal(TokenStatus.UnknownGrant, (await elsewhere.Verifier.IntrospectAsync(refresh, static _ => true, Cancellation)).Status);
        Assert.Equal(TokenStatus.UnknownGrant, (await elsewhere.Issuer.RevokeAsync(content, elsewhere.Client, Cancellation)).Status);
        Assert.Equal(TokenStatus.TamperedToken, (await elsewhere.VerifyAsync(tokens.AccessToken!)).Status);
    }

    [Fact]
    public async Task Tokens_of_two_issuers_on_one_store_and_key_ring_are_not_interchangeable()
    {
        ManualTimeProvider time = new();
        TokenDeskSettings settings = new() { Time = time, Store = new InMemoryGrantStore(time: time) };
        using TokenDesk first = await TokenDesk.OpenAsync(settings);
        using TokenDesk second = await TokenDesk.OpenAsync(settings with { Options = TokenDeskSettings.OptionsOf("https://other.example.com/auth") });
        IssuedTokens tokens = await first.LogInAsync();

        Assert.Equal(TokenStatus.TamperedToken, (await second.VerifyAsync(tokens.AccessToken!)).Status);
        Assert.Equal(TokenStatus.TamperedToken, (await second.RefreshAsync(tokens)).Verdict.Status);
        Assert.True((await first.VerifyAsync(tokens.AccessToken!)).IsValid);
    }

    [Fact]
    public async Task A_store_or_source_that_fails_is_unavailable_and_not_an_answer_about_the_token()
    {
        ManualTimeProvider time = new();
        var store = new CountingStore(new InMemoryGrantStore(time: time));
        using TokenDesk desk = await TokenDesk.OpenAsync(new TokenDeskSettings { Time = time, Store = store });
        IssuedTokens tokens = await desk.LogInAsync();
        desk.Verifier.Read(TokenKind.Refresh, tokens.RefreshToken, out TokenContent content);

        store.Failure = new IOException("The store is away.");
        Assert.Equal(("grant_store_unavailable", 503), (await desk.VerifyAsync(tokens.AccessToken!)).Outcome is var failed ? (failed.Code, failed.HttpStatus) : default);
        Assert.Equal("grant_store_unavailable", (await desk.RefreshAsync(tokens)).ToString());
        Assert.Equal("grant_store_unavailable", (await desk.Issuer.RevokeAsync(content, desk.Client, Cancellation)).Outcome.Code);
        Assert.Equal("grant_store_unavailable", (await desk.Issuer.LogInAsync(new LogIn(desk.Client, []), Cancellation)).ToString());
        store.IsRemote = true;
        Assert.Equal("grant_store_unavailable", (await desk.VerifyAsync(tokens.AccessToken!)).Outcome.Code);

        store.Failure = null;
        desk.Credentials.Failure = new IOException("The source is away.");
        foreach (bool cached in (bool[])[true, false])
        {
            store.IsRemote = !cached;
            Assert.Equal("credential_store_unavailable", (await desk.VerifyAsync(tokens.AccessToken!)).Outcome.Code);
        }

        Assert.Equal("credential_store_unavailable", (await desk.Issuer.RefreshAsync(content, client: null, Cancellation)).ToString());
        desk.Credentials.Failure = null;
        Assert.True((await desk.RefreshAsync(tokens)).Verdict.IsValid);
        Assert.Contains(desk.Log.Lines, line => line.Level == LogLevel.Error && line.Exception is IOException);
    }

    [Fact]
    public async Task A_grant_and_a_credential_that_are_not_in_memory_are_asked_for()
    {
        ManualTimeProvider time = new();
        var store = new CountingStore(new InMemoryGrantStore(time: time)) { IsRemote = true };
        using TokenDesk desk = await TokenDesk.OpenAsync(new TokenDeskSettings { Time = time, Store = store });
        desk.Credentials.Cached = false;
        IssuedTokens tokens = await desk.LogInAsync();

        Assert.True((await desk.VerifyAsync(tokens.AccessToken!)).IsValid);
        IssuedTokens refreshed = await desk.RefreshAsync(tokens);
        Assert.True((await desk.VerifyAsync(refreshed.AccessToken!)).IsValid);
        Assert.Equal(TokenStatus.RefreshReused, (await desk.RefreshAsync(tokens)).Verdict.Status);
        Assert.Equal(TokenStatus.RefreshReused, (await desk.VerifyAsync(refreshed.AccessToken!)).Status);
        Assert.Equal(TokenStatus.RefreshReused, (await desk.Verifier.IntrospectAsync(refreshed.RefreshToken!, static _ => true, Cancellation)).Status);
    }

    [Fact]
    public async Task A_caller_who_leaves_cancels_only_its_own_wait()
    {
        ManualTimeProvider time = new();
        var store = new CountingStore(new InMemoryGrantStore(time: time)) { IsRemote = true };
        using TokenDesk desk = await TokenDesk.OpenAsync(new TokenDeskSettings { Time = time, Store = store });
        IssuedTokens tokens = await desk.LogInAsync();
        desk.Verifier.Read(TokenKind.Refresh, tokens.RefreshToken, out TokenContent content);
        using CancellationTokenSource left = new();
        await left.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await desk.Verifier.VerifyAccessAsync(tokens.AccessToken, left.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await desk.Issuer.RefreshAsync(content, desk.Client, left.Token));

        Assert.True((await desk.RefreshAsync(tokens)).Verdict.IsValid);
    }

    [Fact]
    public async Task A_full_store_issues_nothing()
    {
        ManualTimeProvider time = new();
        using TokenDesk desk = await TokenDesk.OpenAsync(new TokenDeskSettings { Time = time, Store = new InMemoryGrantStore(capacity: 16, time) });
        for (int i = 0; i < 4; i++)
        {
            await desk.LogInAsync();
        }

        IssuedTokens refused = await desk.Issuer.LogInAsync(new LogIn(desk.Client, []), Cancellation);

        Assert.Equal(("grant_quota_exceeded", null), (refused.ToString(), refused.AccessToken));
        for (int i = 4; i < 16; i++)
        {
            Assert.True((await desk.Issuer.LogInAsync(new LogIn(new Credential($"key_{i}"), []), Cancellation)).Verdict.IsValid);
        }

        Assert.Equal("grant_store_unavailable", (await desk.Issuer.LogInAsync(new LogIn(new Credential("key_99"), []), Cancellation)).ToString());
    }

    [Fact]
    public async Task No_token_is_ever_logged_or_shown()
    {
        using TokenDesk desk = await TokenDesk.OpenAsync();
        IssuedTokens first = await desk.LogInAsync();
        IssuedTokens second = await desk.RefreshAsync(first);
        IssuedTokens again = await desk.RefreshAsync(first);
        await desk.VerifyAsync(second.AccessToken!);
        await desk.RefreshAsync(first);
        await desk.VerifyAsync(second.AccessToken + "x");
        desk.Verifier.Read(TokenKind.Refresh, second.RefreshToken, out TokenContent content);
        await desk.Issuer.RevokeAsync(content, desk.Client, Cancellation);

        string shown = string.Join('\n', desk.Log.Lines.Select(line => $"{line.Text}{line.Exception}")) + first + second + first.Verdict + content + first.Grant;

        Assert.All([first, second, again], tokens =>
        {
            Assert.DoesNotContain(tokens.AccessToken![^43..], shown);
            Assert.DoesNotContain(tokens.RefreshToken![^43..], shown);
        });
        Assert.NotEmpty(desk.Log.Lines);
    }
}
