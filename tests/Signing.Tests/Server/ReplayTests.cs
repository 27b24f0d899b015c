using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

public sealed class ReplayTests
{
    private const int Copies = 50;

    [Theory]
    [InlineData(Door.Scheme, false)]
    [InlineData(Door.Middleware, false)]
    [InlineData(Door.Middleware, true)]
    public async Task Of_fifty_copies_sent_at_once_exactly_one_passes(Door door, bool http2)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);
        RequestDraft draft = host.Draft("POST", "/pay", "{\"amount\":1}"u8.ToArray());
        draft.Authority = http2 ? host.Http2Authority : host.Authority;

        RawAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, Copies).Select(_ => http2 ? host.SendHttp2Async(draft) : host.SendAsync(draft)));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(Copies - 1, answers.Count(answer => (answer.Status, answer.Code) == (401, "replayed")));
        Assert.Equal(1, host.Calls);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_replayed_request_is_rejected_after_its_MAC_is_checked_and_a_garbage_MAC_burns_nothing(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);
        RequestDraft genuine = host.Draft();
        RequestDraft poison = host.Draft();
        poison.Nonce = genuine.Nonce;
        poison.Secret = "another secret, long enough";

        Assert.Equal("invalid_credential", (await host.SendAsync(poison)).Code);
        Assert.Equal(200, (await host.SendAsync(genuine)).Status);
        Assert.Equal("replayed", (await host.SendAsync(genuine)).Code);
        Assert.Equal("invalid_credential", (await host.SendAsync(poison)).Code);
    }

    [Theory]
    [InlineData("digest")]
    [InlineData("suspended")]
    public async Task A_refused_request_does_not_use_up_its_signature(string why)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = host.Draft("POST", "/", "right"u8.ToArray());
        byte[] good = draft.ToHttp1();
        byte[] bad = [.. good];
        bad[^1] ^= 1;
        var key = new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret));
        if (why == "suspended")
        {
            host.Credentials.Set(new Credential(ApiHost.Key, key) { Status = StoredStatus.Suspended });
        }

        Assert.Equal(why == "suspended" ? "suspended" : "digest_mismatch", (await host.SendAsync(why == "suspended" ? good : bad)).Code);
        host.Credentials.Set(new Credential(ApiHost.Key, key));

        Assert.Equal(200, (await host.SendAsync(good)).Status);
    }

    [Fact]
    public async Task The_same_nonce_under_another_key_is_another_signature()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        host.Credentials.Set(new Credential("key-two", new CredentialSecret(new SigningKey("key-two", ApiHost.Secret))));
        RequestDraft first = host.Draft();
        RequestDraft second = host.Draft();
        second.Nonce = first.Nonce;
        second.KeyId = "key-two";

        Assert.Equal(200, (await host.SendAsync(first)).Status);
        Assert.Equal("key-two", (await host.SendAsync(second)).User);
    }

    [Fact]
    public async Task Without_a_nonce_equal_requests_within_a_second_are_one_and_a_nonce_may_be_required()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = host.Draft();
        draft.Nonce = null;
        await using ApiHost strict = await ApiHost.StartAsync(new ApiHostSettings
        {
            Signature = options => options.Policy = new VerificationPolicy { RequiredParameters = SignatureParameterNames.Nonce },
        });
        RequestDraft refused = strict.Draft();
        refused.Nonce = null;

        Assert.Equal(200, (await host.SendAsync(draft)).Status);
        RawAnswer again = await host.SendAsync(draft);

        Assert.Equal("replayed", again.Code);
        Assert.Contains("nonce", again.Text, StringComparison.Ordinal);
        Assert.Equal("missing_parameter", (await strict.SendAsync(refused)).Code);
    }

    [Fact]
    public async Task A_restart_does_not_reopen_the_window()
    {
        RequestDraft accepted;
        DateTimeOffset stopped;
        await using (ApiHost host = await ApiHost.StartAsync())
        {
            accepted = host.Draft();
            Assert.Equal(200, (await host.SendAsync(accepted)).Status);
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            stopped = host.Clock.GetUtcNow();
        }

        await using ApiHost restarted = await ApiHost.StartAsync(new ApiHostSettings { PastTheFloor = false, Clock = new ManualTimeProvider(stopped) });
        byte[] replay = accepted.ToHttp1();
        RawAnswer answer = await restarted.SendAsync(replay);
        RawAnswer fresh = await restarted.SendAsync(restarted.Draft());

        Assert.Equal((503, "replay_before_floor", "6"), (answer.Status, answer.Code, answer["Retry-After"]));
        Assert.Equal((503, "replay_before_floor"), (fresh.Status, fresh.Code));
        restarted.Clock.Advance(TimeSpan.FromSeconds(int.Parse(fresh["Retry-After"]!)));
        Assert.Equal(200, (await restarted.SendAsync(restarted.Draft())).Status);
        Assert.Equal("replay_before_floor", (await restarted.SendAsync(replay)).Code);
    }

    [Theory]
    [InlineData(60, "66")]
    [InlineData(7200, "3600")]
    public async Task A_clock_that_was_set_back_is_told_by_how_much_the_floor_is_ahead_and_an_hour_at_most(int seconds, string told)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { PastTheFloor = false });
        host.Clock.SetClock(host.Clock.GetUtcNow() - TimeSpan.FromSeconds(seconds));

        RawAnswer answer = await host.SendAsync(host.Draft());

        Assert.Equal((503, "replay_before_floor", told), (answer.Status, answer.Code, answer["Retry-After"]));
    }

    [Theory]
    [InlineData("Development", null, 200)]
    [InlineData("Development", true, 503)]
    [InlineData("Production", null, 503)]
    [InlineData("Production", false, 200)]
    public async Task The_floor_at_start_is_off_in_Development_and_on_elsewhere_unless_set(string environment, bool? floor, int status)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Environment = environment,
            PastTheFloor = false,
            Signature = options => options.Replay.FloorAtStart = floor,
        });

        Assert.Equal(status, (await host.SendAsync(host.Draft())).Status);
    }

    [Fact]
    public async Task Reloaded_options_forget_no_signature()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = host.Draft();
        Assert.Equal(200, (await host.SendAsync(draft)).Status);

        host.App.Services.GetRequiredService<IOptionsMonitorCache<SignatureOptions>>().Clear();

        Assert.Equal("replayed", (await host.SendAsync(draft)).Code);
    }

    [Fact]
    public async Task A_reload_that_changes_the_time_to_remember_begins_with_a_floor_even_in_Development()
    {
        int minutes = 5;
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Environment = "Development",
            Signature = options => options.Policy = new VerificationPolicy { MaxAge = TimeSpan.FromMinutes(minutes) },
        });
        RequestDraft draft = host.Draft();
        Assert.Equal(200, (await host.SendAsync(draft)).Status);

        minutes = 10;
        host.App.Services.GetRequiredService<IOptionsMonitorCache<SignatureOptions>>().Clear();

        Assert.Equal("replay_before_floor", (await host.SendAsync(draft)).Code);
    }

    [Fact]
    public async Task A_key_that_holds_its_whole_share_is_slowed_down_alone()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Signature = options => options.Replay.Capacity = ReplayOptions.MinCapacity });
        host.Credentials.Set(new Credential("key-two", new CredentialSecret(new SigningKey("key-two", ApiHost.Secret))));
        RawAnswer answer = await host.SendAsync(host.Draft());
        for (int i = 0; i < ReplayOptions.MinCapacity && answer.Status == 200; i++)
        {
            answer = await host.SendAsync(host.Draft());
        }

        RequestDraft other = host.Draft();
        other.KeyId = "key-two";

        Assert.Equal((429, "replay_quota_exceeded"), (answer.Status, answer.Code));
        Assert.NotNull(answer["Retry-After"]);
        Assert.Equal(200, (await host.SendAsync(other)).Status);
    }
}
