using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

public sealed class ChallengeTests
{
    [Theory]
    [Trait("Protocol", "V2")]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_refusal_names_scheme_realm_and_code_and_must_not_be_stored(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Door = door, Signature = options => options.Realm = "Orders \"live\" \\ test" });

        RawAnswer answer = await host.SendAsync(Unsigned(host));

        Assert.Equal("Signature realm=\"Orders \\\"live\\\" \\\\ test\", error=\"missing_signature\"", answer["WWW-Authenticate"]);
        Assert.Equal("no-store", answer["Cache-Control"]);
        Assert.Equal(host.Clock.GetUtcNow().ToString("r"), answer["Date"]);
        Assert.Null(answer["Retry-After"]);
    }

    [Fact]
    [Trait("Protocol", "A1")]
    public async Task An_unsigned_request_is_told_what_to_cover_and_carry()
    {
        await using ApiHost host = await ApiHost.StartAsync();

        RawAnswer answer = await host.SendAsync(Unsigned(host));

        Assert.Equal("sig=(\"@method\" \"@authority\" \"@path\" \"@query\");created;alg=\"hmac-sha256\"", answer["Accept-Signature"]);
    }

    [Fact]
    [Trait("Protocol", "A1")]
    public async Task What_is_asked_for_suits_the_request_and_the_policy()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Signature = options => options.Policy = new VerificationPolicy
            {
                RequiredComponents = ["@method", "@target-uri", "\"@query-param\";name=\"id\""],
                RequiredParameters = SignatureParameterNames.Expires,
                Tag = "a \"b\"",
            },
        });
        RequestDraft draft = host.Draft("POST", "/?id=1", "{}"u8.ToArray()).With("Content-Type", "application/json").With("Authorization", "x");
        draft.Signed = false;
        draft.WithDigest = false;

        RawAnswer answer = await host.SendAsync(draft);

        Assert.Equal(
            "sig=(\"@method\" \"@target-uri\" \"@query-param\";name=\"id\" \"content-digest\" \"content-type\" \"authorization\");created;expires;alg=\"hmac-sha256\";tag=\"a \\\"b\\\"\"",
            answer["Accept-Signature"]);
    }

    [Fact]
    public async Task A_caller_whose_signature_was_complete_is_not_asked_for_another_one()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = host.Draft();
        draft.Secret += "x";

        Assert.Null((await host.SendAsync(draft))["Accept-Signature"]);
    }

    [Fact]
    public async Task The_body_has_status_sentence_remedy_and_code_without_a_service_of_the_host()
    {
        await using ApiHost host = await ApiHost.StartAsync();

        RawAnswer answer = await host.SendAsync(Unsigned(host));

        Outcome outcome = Outcome.Of(SignatureStatus.MissingSignature);
        Assert.Equal("application/problem+json", answer["Content-Type"]);
        using var problem = System.Text.Json.JsonDocument.Parse(answer.Body);
        Assert.Equal(
            (outcome.Sentence, 401, outcome.Remedy, "missing_signature"),
            (problem.RootElement.GetProperty("title").GetString(), problem.RootElement.GetProperty("status").GetInt32(),
                problem.RootElement.GetProperty("detail").GetString(), problem.RootElement.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task The_host_s_problem_details_service_writes_the_body_where_there_is_one(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Build = builder => builder.Services.AddProblemDetails(options =>
                options.CustomizeProblemDetails = context => context.ProblemDetails.Extensions["node"] = "seven"),
        });

        RawAnswer answer = await host.SendAsync(Unsigned(host));

        Assert.Equal("missing_signature", answer.Code);
        Assert.Contains("\"node\":\"seven\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_accepts_no_JSON_still_gets_its_code()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Build = builder => builder.Services.AddProblemDetails() });

        Assert.Equal("missing_signature", (await host.SendAsync(Unsigned(host).With("Accept", "text/html"))).Code);
    }

    [Fact]
    public async Task HEAD_is_refused_with_the_fields_and_no_content()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = Unsigned(host);
        draft.Method = "HEAD";

        RawAnswer answer = await host.SendAsync(draft);

        Assert.Equal((401, ""), (answer.Status, answer.Text));
        Assert.Contains("missing_signature", answer["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task An_unknown_key_a_wrong_Secret_and_a_revoked_credential_look_alike(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(door);
        host.Credentials.Set(new Credential("revoked", new CredentialSecret(new SigningKey("revoked", ApiHost.Secret))) { Status = StoredStatus.Revoked });
        host.Credentials.Set(new Credential("destroyed") { Status = StoredStatus.Revoked });
        RequestDraft wrong = host.Draft();
        wrong.Secret += "x";
        var answers = new List<RawAnswer> { await host.SendAsync(wrong) };
        foreach (string key in (string[])["unknown", "revoked", "destroyed"])
        {
            RequestDraft draft = host.Draft();
            draft.KeyId = key;
            answers.Add(await host.SendAsync(draft));
        }

        Assert.Single(answers.Select(answer => answer.ToString()).Distinct(StringComparer.Ordinal));
        Assert.Equal((401, "invalid_credential"), (answers[0].Status, answers[0].Code));
    }

    [Theory]
    [InlineData("Development", null, true)]
    [InlineData("Development", false, false)]
    [InlineData("Production", null, false)]
    [InlineData("Production", true, true)]
    public async Task A_caller_is_shown_what_to_sign_where_that_is_wanted_and_never_a_MAC(string environment, bool? option, bool shown)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Environment = environment,
            Signature = options => options.ShowSignatureBase = option,
        });
        RequestDraft altered = host.Draft("GET", "/orders?id=8").With("Authorization", "Basic abc");
        altered.SignedTarget = "/orders?id=7";
        RequestDraft unknown = host.Draft("GET", "/orders?id=8");
        unknown.KeyId = "unknown";
        RequestDraft late = host.Draft("GET", "/orders?id=8");
        late.Created -= TimeSpan.FromHours(1);

        RawAnswer answer = await host.SendAsync(altered);
        using JsonDocument problem = JsonDocument.Parse(answer.Text);
        string? seen = problem.RootElement.TryGetProperty("signature_base", out JsonElement text) ? text.GetString() : null;

        Assert.Equal((401, "invalid_credential"), (answer.Status, answer.Code));
        string whole = altered.SignatureBase().Replace("id=7", "id=8", StringComparison.Ordinal);
        Assert.Equal(shown ? environment == "Development" ? whole : whole.Replace("Basic abc", "(9 characters, not shown)", StringComparison.Ordinal) : null, seen);
        Assert.Equal("no-store", answer["Cache-Control"]);
        altered.SignedTarget = null;
        Assert.DoesNotContain(altered.Mac(), answer.ToString(), StringComparison.Ordinal);
        Assert.Equal(shown, (await host.SendAsync(unknown)).Text.Contains("signature_base", StringComparison.Ordinal));
        Assert.DoesNotContain("signature_base", (await host.SendAsync(late)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task The_host_may_change_the_problem_and_sees_the_true_reason(Door door)
    {
        (string Told, string Reason)? seen = null;
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Signature = options => options.Events.OnChallenge = context =>
            {
                seen = (context.Told.Code, context.Reason.Code);
                context.Problem.Extensions["support"] = "call us";
                context.Problem.Title = "No.";
                return Task.CompletedTask;
            },
            Build = builder => builder.Services.AddProblemDetails(),
        });
        RequestDraft draft = host.Draft();
        draft.KeyId = "unknown";

        RawAnswer answer = await host.SendAsync(draft);

        Assert.Equal(("invalid_credential", "unknown_key"), seen);
        Assert.Contains("\"support\":\"call us\"", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown_key", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_problem_details_service_the_host_s_additions_are_written_too()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Signature = options => options.Events.OnChallenge = context =>
            {
                context.Problem.Type = "https://docs.example/missing";
                context.Problem.Extensions["support"] = "call us";
                context.Problem.Extensions["tries"] = 3;
                return Task.CompletedTask;
            },
        });

        RawAnswer answer = await host.SendAsync(Unsigned(host));

        Assert.Contains("\"type\":\"https://docs.example/missing\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("\"support\":\"call us\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("\"tries\":\"3\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_may_write_the_refusal_itself()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Signature = options => options.Events.OnChallenge = context =>
            {
                context.Handled = true;
                return context.HttpContext.Response.WriteAsync($"no: {context.Told.Code}", context.HttpContext.RequestAborted);
            },
        });

        RawAnswer answer = await host.SendAsync(Unsigned(host));

        Assert.Equal((401, "no: missing_signature"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task A_caller_who_is_known_but_not_allowed_gets_403_and_is_told_what_is_missing()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = Door.Scheme,
            Build = builder => builder.Services.AddAuthorizationBuilder().AddPolicy("write", policy => policy.RequireClaim(SignatureClaimNames.Scope, "write")),
            Map = app => app.MapGet("/write", [Authorize("write")] () => ""),
        });

        RawAnswer answer = await host.SendAsync(host.Draft("GET", "/write"));

        Assert.Equal((403, "scope_missing", "Signature error=\"scope_missing\", scope=\"write\""), (answer.Status, answer.Code, answer["WWW-Authenticate"]));
    }

    private static RequestDraft Unsigned(ApiHost host)
    {
        RequestDraft draft = host.Draft();
        draft.Signed = false;
        return draft;
    }
}
