using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Management;
using Signing.Tests.Presigned;
using Signing.Tests.Support;

namespace Signing.Tests.Several;

/// <summary>Endpoints that require the caller's signature and the gateway's, and everybody who has only one of them.</summary>
public sealed class AllOfTests
{
    private static readonly byte[] Body = "{\"amount\":7}"u8.ToArray();

    [Theory]
    [InlineData(Door.Scheme, "/all", true)]
    [InlineData(Door.Scheme, "/chain", true)]
    [InlineData(Door.Middleware, "/all", true)]
    [InlineData(Door.Middleware, "/chain", false)]
    public async Task Both_signatures_let_a_request_in_as_the_callers_alone(Door door, string target, bool cached)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(door);
        host.Callers.Cached = cached;

        RawAnswer answer = await host.SendAsync(host.Gateway(host.Caller(target, "POST", Body)));

        Assert.Equal((200, SeveralHost.CallerKey), (answer.Status, answer.User));
        Assert.Equal(("1", SeveralHost.GatewayKey), (answer["X-Identities"], answer["X-Gateway"]));
        Assert.Equal(Body, answer.Body);
        Assert.Empty(host.Api.Log.Alarms);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task The_answer_is_kept_from_shared_caches_though_the_query_looks_presigned(Door door)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(door, map: app =>
            app.Map("/link", () => "linked").RequireAllSignatures("Caller", "Gateway").AllowPresigned());

        RawAnswer answer = await host.SendAsync(host.Gateway(host.Caller("/link?signature=x")));

        Assert.Equal((200, "private"), (answer.Status, answer["Cache-Control"]));
    }

    [Theory]
    [InlineData(Door.Scheme, "/all")]
    [InlineData(Door.Scheme, "/chain")]
    [InlineData(Door.Middleware, "/all")]
    [InlineData(Door.Middleware, "/chain")]
    public async Task The_callers_alone_is_refused_and_not_used_up_so_that_adding_the_gateways_mends_it(Door door, string target)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(door);
        RequestDraft caller = host.Caller(target);

        RawAnswer alone = await host.SendAsync(caller);
        RawAnswer mended = await host.SendAsync(host.Gateway(caller));

        Assert.Equal((401, "missing_signature", null), (alone.Status, alone.Code, alone.User));
        Assert.Equal(["Signature error=\"missing_signature\""], alone.All("WWW-Authenticate"));
        Assert.Equal((200, SeveralHost.CallerKey), (mended.Status, mended.User));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task The_gateways_alone_and_none_at_all_are_refused(Door door)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(door);
        RequestDraft gateway = host.Gateway(host.Caller("/all"), covers: false);
        gateway.Fields.Clear();
        RequestDraft none = host.Caller("/all");
        none.Signed = false;

        RawAnswer alone = await host.SendAsync(gateway);
        RawAnswer unsigned = await host.SendAsync(none);

        Assert.Equal((401, "missing_signature"), (alone.Status, alone.Code));
        Assert.Equal((401, "missing_signature"), (unsigned.Status, unsigned.Code));
        Assert.Equal(0, host.Gateways.LookUps + host.Callers.LookUps);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task The_log_names_the_party_that_has_not_signed_where_another_has(Door door)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(door);
        RequestDraft gateway = host.Gateway(host.Caller("/chain"), covers: false);
        gateway.Fields.Clear();
        RequestDraft none = host.Caller("/chain");
        none.Signed = false;

        await host.SendAsync(none);
        await host.SendAsync(host.Caller("/chain"));
        await host.SendAsync(gateway);

        Assert.Equal(
            ["Gateway: the request is refused, missing_signature; key unproved.", "Caller: the request is refused, missing_signature; key unproved."],
            host.Api.Log.Lines.Where(line => line is { Id: 2, Category: SignatureDefaults.TelemetryName }).Select(line => line.Text));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task What_was_found_for_one_endpoint_does_not_answer_for_the_page_of_an_error_that_requires_more(Door door)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(
            door,
            before: app => app.UseExceptionHandler("/sorry"),
            map: app =>
            {
                app.Map("/fails", _ => throw new InvalidDataException("The endpoint fails.")).RequireAllSignatures("Caller", "Gateway");
                app.Map("/sorry", () => "sorry").RequireSignatureChain("Caller", "Gateway");
            });

        RawAnswer loose = await host.SendAsync(host.Gateway(host.Caller("/fails"), covers: false));
        RawAnswer chained = await host.SendAsync(host.Gateway(host.Caller("/fails")));

        Assert.Equal((401, "insufficient_coverage"), (loose.Status, loose.Code));
        Assert.Equal((500, "sorry"), (chained.Status, chained.Text));
    }

    [Theory]
    [InlineData("Caller,Gateway")]
    [InlineData("Gateway,Caller")]
    public async Task A_right_that_the_caller_has_not_is_refused_once_whichever_scheme_is_asked_last(string schemes)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(
            Door.Scheme,
            build: builder => builder.Services.AddAuthorization(options => options.AddPolicy("writes", policy => policy.AddAuthenticationSchemes(schemes.Split(',')).RequireClaim(SignatureClaimNames.Scope, "write"))),
            map: app => app.Map("/writes", () => "written").RequireAllSignatures("Caller", "Gateway").RequireAuthorization("writes"));

        RawAnswer answer = await host.SendAsync(host.Gateway(host.Caller("/writes"), covers: false));

        Assert.Equal((403, "scope_missing"), (answer.Status, answer.Code));
        Assert.Equal(["Signature error=\"scope_missing\", scope=\"write\""], answer.All("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_user_of_another_scheme_is_asked_for_the_signatures_and_not_told_of_rights()
    {
        // Each scheme that is asked answers, and the last one has the last word.
        await using SeveralHost host = await SeveralHost.StartAsync(
            Door.Scheme,
            build: builder => builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, PersonHandler>(PersonHandler.SchemeName, static _ => { }),
            map: app => app.Map("/person", () => "in").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = PersonHandler.SchemeName }).RequireAllSignatures("Caller", "Gateway"));
        RequestDraft caller = host.Caller("/person").With(PersonHandler.NameHeader, "Ann");

        RawAnswer answer = await host.SendAsync(caller);

        Assert.Equal((401, "missing_signature"), (answer.Status, answer.Code));
        Assert.Equal(["Signature error=\"missing_signature\""], answer.All("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_presigned_URL_stands_for_no_party()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Middleware, map: app => app.MapGet("/url", () => "in").RequireAllSignatures("Caller", "Gateway").AllowPresigned());
        PresignedDraft url = host.Api.Url("/url") with { KeyId = SeveralHost.CallerKey, Secret = SeveralHost.CallerSecret };

        RawAnswer alone = await host.Api.FollowAsync(url.Signed);
        RawAnswer both = await host.SendAsync(host.Gateway(host.Caller("/url"), covers: false));

        Assert.Equal((401, "missing_signature"), (alone.Status, alone.Code));
        Assert.Equal(200, both.Status);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task The_answer_is_signed_with_the_callers_key_and_a_refusal_with_nobodys(Door door)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(
            door,
            builder => builder.Services.AddResponseSignature(options => options.Sign = SignedResponses.All),
            before: app => app.UseResponseSignature());
        RequestDraft caller = host.Caller("/all");

        RawAnswer accepted = await host.SendAsync(host.Gateway(caller));
        RawAnswer replayed = await host.SendAsync(host.Gateway(caller, covers: false));

        Assert.Contains($"keyid=\"{SeveralHost.CallerKey}\"", accepted["Signature-Input"], StringComparison.Ordinal);
        Assert.Equal((401, "replayed"), (replayed.Status, replayed.Code));
        Assert.Null(replayed["Signature"]);
    }

    [Theory]
    [InlineData(SeveralHost.CallerKey, SeveralHost.CallerSecret)]
    [InlineData("another-name", SeveralHost.CallerSecret)]
    [InlineData(SeveralHost.CallerKey, SeveralHost.GatewaySecret)]
    public async Task One_key_does_not_count_twice_under_whatever_name(string key, string secret)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Scheme);
        host.Gateways.Set(SeveralHost.CredentialOf(key, secret));
        RequestDraft both = host.Gateway(host.Caller("/chain"));
        both.KeyId = key;
        both.Secret = secret;

        RawAnswer answer = await host.SendAsync(both);

        Assert.Equal((401, "invalid_credential", null), (answer.Status, answer.Code, answer.User));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Tags_that_are_swapped_let_nobody_in(Door door)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(door);
        RequestDraft caller = host.Caller("/all");
        caller.MoreParameters = ";tag=\"gateway\"";
        RequestDraft gateway = host.Gateway(caller);
        gateway.MoreParameters = ";tag=\"caller\"";

        RawAnswer answer = await host.SendAsync(gateway);

        Assert.Equal((401, "invalid_credential"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task The_gateways_over_another_requests_signature_is_refused_by_a_chain()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Scheme);
        RequestDraft signed = host.Gateway(host.Caller("/chain"));
        RequestDraft stolen = host.Gateway(host.Caller("/chain"));
        stolen.SentInput = $"{signed.Label}={signed.SignatureParams}";
        stolen.SentSignature = $"{signed.Label}=:{signed.Mac()}:";

        RawAnswer answer = await host.SendAsync(stolen);

        Assert.Equal((401, "invalid_credential"), (answer.Status, answer.Code));
        Assert.Equal(200, (await host.SendAsync(signed)).Status);
    }

    [Fact]
    public async Task A_gateway_that_does_not_cover_the_callers_signature_is_enough_for_all_and_not_for_a_chain()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Scheme);

        RawAnswer all = await host.SendAsync(host.Gateway(host.Caller("/all"), covers: false));
        RawAnswer chain = await host.SendAsync(host.Gateway(host.Caller("/chain"), covers: false));

        Assert.Equal(200, all.Status);
        Assert.Equal((401, "insufficient_coverage"), (chain.Status, chain.Code));
    }

    [Fact]
    public async Task A_chain_holds_by_the_callers_own_label_and_no_other()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Scheme);
        RequestDraft caller = host.Caller("/chain");

        // The gateway covers a stranger's signature that stands beside the caller's.
        RequestDraft stranger = host.Caller("/chain");
        stranger.Label = "other";
        stranger.MoreParameters = ";tag=\"else\"";
        RequestDraft over = host.Gateway(stranger);
        over.Fields.AddRange(caller.AllFields());

        // The labels are exchanged on the way: what the gateway covered is now a stranger's.
        RequestDraft exchange = host.Gateway(caller);
        exchange.SentSignature = $"{exchange.Label}=:{exchange.Mac()}:";
        exchange.Fields.Clear();
        stranger.Label = caller.Label;
        exchange.Fields.AddRange(stranger.AllFields());
        exchange.Fields.AddRange(caller.AllFields().Select(field => (field.Name, field.Value.Replace("sig1=", "moved=", StringComparison.Ordinal))));

        RawAnswer another = await host.SendAsync(over);
        RawAnswer exchanged = await host.SendAsync(exchange);

        Assert.Equal((401, "insufficient_coverage"), (another.Status, another.Code));
        Assert.Equal((401, "invalid_credential"), (exchanged.Status, exchanged.Code));
    }

    [Fact]
    public async Task A_label_that_stands_twice_makes_the_whole_field_unreadable()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Scheme);
        RequestDraft draft = host.Gateway(host.Caller("/all"), covers: false);
        draft.Label = "sig1";

        RawAnswer answer = await host.SendAsync(draft);

        Assert.Equal((401, "malformed_signature_input"), (answer.Status, answer.Code));
        Assert.Equal(0, host.Gateways.LookUps + host.Callers.LookUps);
    }

    [Fact]
    public async Task Nine_labels_cost_two_look_ups_for_each_scheme_at_most_and_deny_nobody()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Scheme);
        RequestDraft caller = host.Caller("/chain");
        RequestDraft gateway = host.Gateway(caller);
        for (int i = 0; i < 7; i++)
        {
            RequestDraft stranger = host.Caller("/chain");
            stranger.KeyId = $"stranger-{i}";
            stranger.Label = $"other{i}";
            stranger.MoreParameters = i % 2 == 0 ? ";tag=\"caller\"" : ";tag=\"gateway\"";
            gateway.Fields.AddRange(stranger.AllFields());
        }

        RawAnswer crowded = await host.SendAsync(gateway);

        Assert.Equal(401, crowded.Status);
        Assert.InRange(host.Callers.LookUps, 1, SignatureLimits.MaxCandidates);
        Assert.InRange(host.Gateways.LookUps, 0, SignatureLimits.MaxCandidates);

        RequestDraft among = host.Gateway(caller);
        for (int i = 0; i < 7; i++)
        {
            RequestDraft stranger = host.Caller("/chain");
            stranger.Label = $"other{i}";
            stranger.MoreParameters = ";tag=\"else\"";
            among.Fields.AddRange(stranger.AllFields());
        }

        Assert.Equal(200, (await host.SendAsync(among)).Status);
    }

    [Theory]
    [InlineData(false, "too_old")]
    [InlineData(true, "too_old")]
    public async Task One_that_is_too_old_refuses_the_request_and_uses_nothing_up(bool isCallers, string code)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Scheme);
        RequestDraft caller = host.Caller("/all");
        RequestDraft old = host.Gateway(caller);
        if (isCallers)
        {
            caller.Created -= TimeSpan.FromMinutes(6);
            old = host.Gateway(caller);
        }
        else
        {
            old.Created -= TimeSpan.FromMinutes(6);
        }

        RawAnswer refused = await host.SendAsync(old);
        caller.Created = host.Api.Clock.GetUtcNow();
        RawAnswer mended = await host.SendAsync(host.Gateway(caller));

        Assert.Equal((401, code), (refused.Status, refused.Code));
        Assert.Equal(200, mended.Status);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Each_signature_is_used_once_and_the_callers_only_together_with_the_gateways(Door door)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(door);
        RequestDraft first = host.Caller("/all");
        RequestDraft second = host.Caller("/all");
        RequestDraft gateway = host.Gateway(first, covers: false);
        RequestDraft spliced = host.Gateway(second, covers: false);
        spliced.SentInput = $"{gateway.Label}={gateway.SignatureParams}";
        spliced.SentSignature = $"{gateway.Label}=:{gateway.Mac()}:";

        Assert.Equal(200, (await host.SendAsync(gateway)).Status);
        RawAnswer replayed = await host.SendAsync(gateway);
        RawAnswer signedAgain = await host.SendAsync(host.Gateway(first, covers: false));
        RawAnswer withUsed = await host.SendAsync(spliced);
        RawAnswer mended = await host.SendAsync(host.Gateway(second, covers: false));

        Assert.Equal((401, "replayed"), (replayed.Status, replayed.Code));
        Assert.Equal((401, "replayed"), (signedAgain.Status, signedAgain.Code));
        Assert.Equal((401, "replayed"), (withUsed.Status, withUsed.Code));
        Assert.Equal(200, mended.Status);
    }

    [Fact]
    public async Task What_was_found_of_one_party_accepts_nothing_where_another_is_refused()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Middleware);
        RequestDraft caller = host.Caller("/anybody");

        RawAnswer accepted = await host.SendAsync(host.Gateway(caller, covers: false));
        RawAnswer replayed = await host.SendAsync(host.Gateway(caller, covers: false));

        Assert.Equal((200, SeveralHost.GatewayKey), (accepted.Status, accepted["X-Gateway"]));
        Assert.Equal((200, "none"), (replayed.Status, replayed["X-Gateway"]));
    }

    [Fact]
    public async Task Where_each_scheme_is_asked_the_user_is_the_callers_alone()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Scheme);

        RawAnswer answer = await host.SendAsync(host.Gateway(host.Caller("/named"), covers: false));

        Assert.Equal((200, SeveralHost.CallerKey, "1"), (answer.Status, answer.User, answer["X-Identities"]));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Content_and_outages_are_answered_as_ever(Door door)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(door);
        RequestDraft tampered = host.Gateway(host.Caller("/chain", "POST", Body));
        tampered.Body = "{\"amount\":8}"u8.ToArray();
        RawAnswer mismatch = await host.SendAsync(tampered);
        host.Gateways.Failure = new InvalidOperationException("The database is away.");

        RawAnswer away = await host.SendAsync(host.Gateway(host.Caller("/chain", "POST", Body)));

        Assert.Equal((401, "digest_mismatch"), (mismatch.Status, mismatch.Code));
        Assert.Equal((503, "credential_store_unavailable"), (away.Status, away.Code));
        Assert.NotNull(away["Retry-After"]);
    }

    [Fact]
    public async Task Both_doors_refuse_in_the_same_words()
    {
        await using SeveralHost schemes = await SeveralHost.StartAsync(Door.Scheme);
        await using SeveralHost middleware = await SeveralHost.StartAsync(Door.Middleware);
        foreach (string target in (string[])["/all", "/chain", "/any"])
        {
            RawAnswer one = await schemes.SendAsync(schemes.Api.Draft("GET", target));
            RawAnswer other = await middleware.SendAsync(middleware.Api.Draft("GET", target));

            Assert.Equal(one.Status, other.Status);
            Assert.Equal(one.Text, other.Text);
            Assert.Equal(one["WWW-Authenticate"], other["WWW-Authenticate"]);
            Assert.Equal(one["Accept-Signature"], other["Accept-Signature"]);
        }
    }
}
