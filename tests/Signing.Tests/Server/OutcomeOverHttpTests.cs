using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>Every outcome of the two lists, produced by a request at both doors.</summary>
public sealed class OutcomeOverHttpTests
{
    // Only a defect would produce these two: no request does.
    private static readonly string[] Unreachable = [Outcome.Of(SignatureStatus.NotVerified).Code, CredentialOutcome.Of(CredentialStatus.None).Code];

    private static readonly Dictionary<string, Scenario> Scenarios = new(StringComparer.Ordinal)
    {
        ["verified"] = new(_ => { }),
        ["missing_signature"] = new(draft => draft.Signed = false),
        ["malformed_signature_input"] = new(draft => draft.Parameters = ";created=\"never\";keyid=\"key-one\""),
        ["malformed_signature"] = new(draft =>
        {
            draft.With("Signature-Input", $"sig1={draft.SignatureParams}").With("Signature", "sig1=:not base64:");
            draft.Signed = false;
        }),
        ["too_large"] = new(draft => draft.MoreParameters = $";tag=\"{new string('a', SignatureLimits.MaxSignatureInputLength)}\""),
        ["unsupported_component"] = new(draft => draft.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"@status\""),
        ["missing_component"] = new(draft => draft.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"x-absent\""),
        ["insufficient_coverage"] = new(draft => draft.Covered = "\"@method\" \"@authority\" \"@path\""),
        ["unsupported_algorithm"] = new(draft => draft.MoreParameters = ";alg=\"ed25519\""),
        ["missing_parameter"] = new(draft => draft.Parameters = $";created={draft.Created.ToUnixTimeSeconds()}"),
        ["created_in_future"] = new(draft => draft.Created += TimeSpan.FromMinutes(1)),
        ["too_old"] = new(draft => draft.Created -= TimeSpan.FromMinutes(6)),
        ["expired_signature"] = new(draft => draft.MoreParameters = $";expires={draft.Created.ToUnixTimeSeconds() + 60}", Created: TimeSpan.FromMinutes(-2)),
        ["lifetime_too_long"] = new(draft => draft.MoreParameters = $";expires={draft.Created.AddHours(2).ToUnixTimeSeconds()}"),
        ["invalid_credential"] = new(draft => draft.Secret += "x"),
        ["missing_digest"] = new(draft =>
        {
            draft.Body = [1];
            draft.WithDigest = false;
        }),
        ["unsupported_digest"] = new(draft =>
        {
            draft.Body = [1];
            draft.With("Content-Digest", "md5=:1B2M2Y8AsgTpgAmY7PhCfg==:");
        }),
        ["digest_mismatch"] = new(draft =>
        {
            draft.Body = [1];
            draft.With("Content-Digest", RequestDraft.DigestOf([2]));
        }),
        ["body_too_large"] = new(draft => draft.Body = new byte[101], Options: options => options.Body.MaxBytes = 100),
        ["replayed"] = new(_ => { }, Store: ReplayClaim.AlreadyClaimed),
        ["replay_store_unavailable"] = new(_ => { }, Store: ReplayClaim.Unavailable),
        ["replay_before_floor"] = new(_ => { }, Store: ReplayClaim.BeforeFloor),
        ["replay_quota_exceeded"] = new(_ => { }, Store: ReplayClaim.QuotaExceeded),
        ["valid"] = new(_ => { }),
        ["unknown_key"] = new(draft => draft.KeyId = "unknown"),
        ["revoked"] = new(_ => { }, secret => new Credential(ApiHost.Key, secret) { Status = StoredStatus.Revoked }),
        ["workspace_disabled"] = new(_ => { }, secret => new Credential(ApiHost.Key, secret) { WorkspaceDisabled = true }),
        ["application_suspended"] = new(_ => { }, secret => new Credential(ApiHost.Key, secret) { ApplicationSuspended = true }),
        ["suspended"] = new(_ => { }, secret => new Credential(ApiHost.Key, secret) { Status = StoredStatus.Suspended }),
        ["expired"] = new(_ => { }, secret => new Credential(ApiHost.Key, secret) { Expires = DateTimeOffset.UnixEpoch }),
        ["not_yet_valid"] = new(_ => { }, secret => new Credential(ApiHost.Key, secret) { NotBefore = DateTimeOffset.MaxValue }),
        ["environment_mismatch"] = new(_ => { }, secret => new Credential(ApiHost.Key, secret) { Environment = "test" }, options => options.Environment = "live"),
        ["ambiguous_credentials"] = new(draft => draft.With("Authorization", $"Bearer {new CredentialFormat(CredentialFormat.UsualPrefix).CreateApiToken("live")}")),
        ["api_not_connected"] = new(draft => draft.Target = "/connected"),
        ["credential_store_unavailable"] = new(_ => { }, _ => throw new InvalidOperationException("Away.")),
    };

    public static TheoryData<Door, string> All()
    {
        var data = new TheoryData<Door, string>();
        foreach (Door door in Enum.GetValues<Door>())
        {
            foreach (string code in Scenarios.Keys)
            {
                data.Add(door, code);
            }
        }

        return data;
    }

    [Fact]
    public void Every_outcome_that_a_request_can_meet_has_its_request()
    {
        IEnumerable<string> codes = Enum.GetValues<SignatureStatus>().Select(status => Outcome.Of(status).Code)
            .Concat(Enum.GetValues<CredentialStatus>().Select(status => CredentialOutcome.Of(status).Code));

        Assert.Equal(codes.Except(Unreachable, StringComparer.Ordinal).Order(StringComparer.Ordinal), Scenarios.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_outcome_is_told_as_its_row_says(Door door, string code)
    {
        Scenario scenario = Scenarios[code];
        string? reason = null;
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Schemes = authentication => authentication.AddApiToken(),
            Signature = options =>
            {
                scenario.Options?.Invoke(options);
                options.Events.OnChallenge = context =>
                {
                    reason = context.Reason.Code;
                    return Task.CompletedTask;
                };
            },
            Map = app => app.Map("/connected", () => "").RequireConnectedApi("orders"),
            Build = builder =>
            {
                if (scenario.Store is { } claim)
                {
                    builder.Services.AddSingleton<IReplayStore>(new FixedReplayStore(claim));
                }
            },
        });
        try
        {
            host.Credentials.Set(scenario.Credential?.Invoke(new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret)))
                ?? new Credential(ApiHost.Key, new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret))));
        }
        catch (InvalidOperationException failure)
        {
            host.Credentials.Failure = failure;
        }

        RequestDraft draft = host.Draft("POST");
        draft.Created += scenario.Created;
        scenario.Change(draft);

        RawAnswer answer = await host.SendAsync(draft);

        Outcome row = RowOf(code);
        if (row.HttpStatus == 200)
        {
            Assert.Equal((200, ApiHost.Key), (answer.Status, answer.User));
            return;
        }

        Outcome told = row.Disclosure == Disclosure.AsInvalidCredential ? Outcome.Of(SignatureStatus.InvalidCredential) : row;
        Assert.Equal((told.HttpStatus, told.Code), (answer.Status, answer.Code));

        // A 403 is no challenge: who is asked for nothing is not refused for what they are.
        Assert.Equal(row.HttpStatus == 403 ? null : code, reason);
        Assert.Equal(row.HttpStatus is 503 or 429, answer["Retry-After"] is not null);
        Assert.Equal(0, host.Calls);
    }

    private static Outcome RowOf(string code) => Enum.GetValues<SignatureStatus>().Select(Outcome.Of)
        .Concat(Enum.GetValues<CredentialStatus>().Select(CredentialOutcome.Of)).First(row => row.Code == code);

    private sealed record Scenario(
        Action<RequestDraft> Change,
        Func<CredentialSecret, Credential>? Credential = null,
        Action<SignatureOptions>? Options = null,
        ReplayClaim? Store = null,
        TimeSpan Created = default);
}
