using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Responses;

public sealed class ResponseSignatureTests
{
    [Theory]
    [InlineData(Door.Middleware)]
    [InlineData(Door.Scheme)]
    [Trait("Protocol", "B6")]
    public async Task The_response_of_a_marked_endpoint_is_signed_with_the_key_of_its_request(Door door)
    {
        await using ApiHost api = await SigningHost.StartAsync(door: door);
        RequestDraft request = api.Draft("GET", "/signed?a=b");

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal((200, SigningHost.Text), (answer.Status, answer.Text));
        AnswerCheck.IsSigned(request, answer);
        Assert.Equal("8", answer["Content-Length"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_WebApplication_authenticates_before_all_else_the_response_is_signed_too(bool secondDoor)
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder();
        var clock = new ManualTimeProvider();
        var credentials = new CredentialBook();
        credentials.Set(new Credential(ApiHost.Key, new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret))));
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<ICredentialSource>(credentials).AddAuthorization().AddResponseSignature();
        builder.Services.AddAuthentication().AddMessageSignature();
        await using WebApplication app = builder.Build();
        app.UseResponseSignature();
        _ = secondDoor ? app.UseMessageSignature() : app;
        app.MapGet("/signed", SigningHost.JsonAsync).RequireAuthorization().SignResponse();
        await app.StartAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(10));
        var address = new Uri(app.Urls.First());
        var request = new RequestDraft("GET", "/signed", null) { Authority = address.Authority, Created = clock.GetUtcNow() };
        await using RawHttp connection = await RawHttp.ConnectAsync(address.Port);
        RequestDraft wrong = new RequestDraft("GET", "/signed", null) { Authority = address.Authority, Created = clock.GetUtcNow(), Secret = "another secret, long enough" };

        await connection.SendAsync(request.ToHttp1());
        AnswerCheck.IsSigned(request, await connection.ReadAsync());

        // Nothing of the request before is left on its connection.
        await connection.SendAsync(wrong.ToHttp1());
        AnswerCheck.IsUnsigned(await connection.ReadAsync());
    }

    [Fact]
    public async Task Over_HTTP2_the_response_is_signed_too()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        RequestDraft request = api.Draft("POST", "/signed", "x"u8.ToArray());
        request.Authority = api.Http2Authority;
        request.Scheme = "http";

        RawAnswer answer = await api.SendHttp2Async(request);

        Assert.Equal(SigningHost.Text, answer.Text);
        AnswerCheck.IsSigned(request, answer);
    }

    [Fact]
    public async Task Other_endpoints_and_unknown_ones_are_not_signed_unless_all_are()
    {
        await using ApiHost some = await SigningHost.StartAsync();
        AnswerCheck.IsUnsigned(await some.SendAsync(some.Draft("POST", "/", "x"u8.ToArray())));

        await using ApiHost all = await SigningHost.StartAsync(
            configure: options => options.Sign = SignedResponses.All, map: app => app.Map("/plain", () => "plain").DisableResponseSignature());
        RequestDraft request = all.Draft("POST", "/", "x"u8.ToArray());
        AnswerCheck.IsSigned(request, await all.SendAsync(request));
        AnswerCheck.IsUnsigned(await all.SendAsync(all.Draft("GET", "/plain")));
    }

    [Fact]
    public async Task Of_several_signatures_of_a_request_the_one_that_was_verified_is_covered()
    {
        await using ApiHost api = await SigningHost.StartAsync();
        RequestDraft request = api.Draft("GET", "/signed");
        request.Label = "mine";
        request.SentInput = $"gate=(\"@method\" \"@authority\" \"@path\" \"@query\");created={request.Created.ToUnixTimeSeconds()};keyid=\"gateway\",  mine={request.SignatureParams}";
        request.SentSignature = $"gate=:{new string('A', 43)}=:, mine=:{request.Mac()}:";

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal(200, answer.Status);
        AnswerCheck.IsSigned(request, answer);
    }

    [Fact]
    public async Task What_is_refused_is_not_signed_so_that_nobody_is_given_a_second_answer_to_one_request()
    {
        await using ApiHost api = await SigningHost.StartAsync(configure: options => options.Sign = SignedResponses.All);
        RequestDraft request = api.Draft("GET", "/signed");
        AnswerCheck.IsSigned(request, await api.SendAsync(request));

        RawAnswer replayed = await api.SendAsync(request);
        RequestDraft forged = api.Draft("GET", "/signed");
        forged.Secret = "another secret, long enough as well";
        RequestDraft unknown = api.Draft("GET", "/signed");
        unknown.KeyId = "key-two";
        RequestDraft unsigned = api.Draft("GET", "/signed");
        unsigned.Signed = false;
        RequestDraft changed = api.Draft("POST", "/signed", "content"u8.ToArray());
        changed.With("Content-Digest", RequestDraft.DigestOf("other"u8.ToArray()));

        Assert.Equal("replayed", replayed.Code);
        AnswerCheck.IsUnsigned(replayed);
        foreach ((RequestDraft draft, string code) in ((RequestDraft, string)[])[(forged, "invalid_credential"), (unknown, "invalid_credential"), (unsigned, "missing_signature"), (changed, "digest_mismatch")])
        {
            RawAnswer answer = await api.SendAsync(draft);
            Assert.Equal((401, code), (answer.Status, answer.Code));
            AnswerCheck.IsUnsigned(answer);
        }
    }

    [Fact]
    public async Task Whoever_is_known_and_may_not_do_this_is_told_so_under_a_signature()
    {
        await using ApiHost api = await SigningHost.StartAsync(map: app => app.Map("/api", () => "in").RequireConnectedApi("orders").SignResponse());
        RequestDraft request = api.Draft("GET", "/api");

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal((403, "api_not_connected"), (answer.Status, answer.Code));
        AnswerCheck.IsSigned(request, answer);
    }

    [Fact]
    public async Task What_is_set_when_the_response_starts_is_covered()
    {
        await using ApiHost api = await SigningHost.StartAsync(context =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.StatusCode = 202;
                context.Response.ContentType = "text/html";
                context.Response.Headers.Location = "/orders/8";
                return Task.CompletedTask;
            });
            return SigningHost.JsonAsync(context);
        });
        RequestDraft request = api.Draft("GET", "/signed");

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal((202, "text/html"), (answer.Status, answer["Content-Type"]));
        AnswerCheck.IsSigned(request, answer);
        Assert.Contains("\"location\"", AnswerCheck.Covered(answer));
    }

    [Fact]
    public async Task A_request_that_is_rewritten_after_it_was_verified_is_answered_as_it_was_signed()
    {
        SigningPolicy usual = new(MessageKind.Response);
        await using ApiHost api = await SigningHost.StartAsync(
            configure: options => options.Policy = new SigningPolicy(MessageKind.Response) { Components = [.. usual.Components, "\"@scheme\";req"] },
            after: app => app.Use((context, next) =>
            {
                context.Request.Method = "DELETE";
                context.Request.Scheme = "gopher";
                context.Request.Host = new HostString("inside.example");
                context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/inside";
                return next(context);
            }));
        RequestDraft request = api.Draft("POST", "/signed?a=b", "x"u8.ToArray());

        AnswerCheck.IsSigned(request, await api.SendAsync(request));
    }

    [Fact]
    public async Task Behind_a_gateway_the_response_is_bound_to_the_address_that_the_caller_sees()
    {
        await using ApiHost api = await SigningHost.StartAsync(signature: options => options.PublicOrigin = new Uri("https://api.example.com/v1"));
        RequestDraft request = api.Draft("GET", "/signed?a=b");
        request.SignedTarget = "/v1/signed?a=b";
        request.SignedAuthority = "api.example.com";

        AnswerCheck.IsSigned(request, await api.SendAsync(request));
    }

    [Fact]
    public async Task After_a_rotation_the_Secret_that_the_request_was_signed_with_signs_the_response()
    {
        const string Former = "the former secret of key one, kept a while";
        await using ApiHost api = await SigningHost.StartAsync();
        api.Credentials.Set(new Credential(ApiHost.Key, new CredentialSecret(new SigningKey(ApiHost.Key, ApiHost.Secret)), new CredentialSecret(new SigningKey(ApiHost.Key, Former))));

        foreach (string secret in (string[])[ApiHost.Secret, Former])
        {
            RequestDraft request = api.Draft("GET", "/signed");
            request.Secret = secret;
            AnswerCheck.IsSigned(request, await api.SendAsync(request));
        }
    }

    [Fact]
    public async Task A_Secret_that_is_revoked_while_its_request_is_under_way_signs_nothing()
    {
        var key = new SigningKey(ApiHost.Key, ApiHost.Secret);
        await using ApiHost api = await SigningHost.StartAsync(context =>
        {
            key.Dispose();
            return SigningHost.JsonAsync(context);
        });
        api.Credentials.Set(new Credential(ApiHost.Key, new CredentialSecret(key)));

        RawAnswer answer = await api.SendAsync(api.Draft("GET", "/signed"));

        Assert.Equal((200, SigningHost.Text), (answer.Status, answer.Text));
        AnswerCheck.IsUnsigned(answer);
        Assert.Single(api.Log.Lines, line => line.Id == 30 && line.Text.Contains("invalid_credential", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_component_that_a_response_has_not_leaves_it_unsigned_and_is_logged()
    {
        await using ApiHost api = await SigningHost.StartAsync(configure: options => options.Policy = new SigningPolicy(MessageKind.Response) { Components = ["@status", "etag"] });

        RawAnswer answer = await api.SendAsync(api.Draft("GET", "/signed"));

        Assert.Equal(SigningHost.Text, answer.Text);
        AnswerCheck.IsUnsigned(answer);
        Assert.Single(api.Log.Lines, line => line.Id == 30 && line.Text.Contains("missing_component", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task An_endpoint_that_nothing_in_the_pipeline_signs_stops_the_start(bool registered, bool byAttribute)
    {
        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => ApiHost.StartAsync(new ApiHostSettings
        {
            Build = builder => _ = registered ? builder.Services.AddResponseSignature() : builder.Services,
            Map = app => _ = byAttribute ? app.Map("/marked", [SignResponse] () => "text") : app.Map("/marked", () => "text").SignResponse(),
        }));

        Assert.Contains("/marked", failure.Message, StringComparison.Ordinal);
        Assert.Contains("app.UseResponseSignature()", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_is_not_to_be_signed_needs_nothing_in_the_pipeline()
    {
        await using ApiHost api = await ApiHost.StartAsync(new ApiHostSettings
        {
            Build = builder => builder.Services.AddResponseSignature(),
            Map = app => app.MapGroup("").DisableResponseSignature().Map("/plain", [SignResponse(sign: false)] () => "plain"),
        });

        RawAnswer answer = await api.SendAsync(api.Draft("GET", "/plain"));

        Assert.Equal((200, "plain"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Where_nothing_verifies_either_a_marked_endpoint_throws()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder();
        await using WebApplication app = builder.Build();
        app.MapGet("/marked", () => "text").SignResponse();
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using HttpResponseMessage answer = await client.GetAsync(new Uri("/marked", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(500, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Where_the_middleware_stands_twice_the_outer_one_signs_all_that_leaves_it()
    {
        await using ApiHost api = await SigningHost.StartAsync(before: app => app.Use(async (context, next) =>
        {
            await next(context);
            await context.Response.WriteAsync(" and more", context.RequestAborted);
        }).UseResponseSignature());
        RequestDraft request = api.Draft("GET", "/signed");

        RawAnswer answer = await api.SendAsync(request);

        Assert.Equal(SigningHost.Text + " and more", answer.Text);
        Assert.Single(answer.All("Signature-Input"));
        AnswerCheck.IsSigned(request, answer);
    }

    [Fact]
    public async Task The_middleware_without_its_services_stops_the_start()
    {
        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => ApiHost.StartAsync(new ApiHostSettings { Before = app => app.UseResponseSignature() }));

        Assert.Contains("AddResponseSignature", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policy")]
    [InlineData("components")]
    [InlineData("digest")]
    [InlineData("limit")]
    [InlineData("sign")]
    public async Task Options_by_which_nothing_could_be_signed_stop_the_start(string what) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => SigningHost.StartAsync(configure: options =>
        {
            options.Policy = what switch
            {
                "policy" => new SigningPolicy(),
                "components" => new SigningPolicy(MessageKind.Response) { Components = ["content-type"] },
                _ => options.Policy,
            };
            options.Digest = what == "digest" ? DigestAlgorithms.None : options.Digest;
            options.MaxBytes = what == "limit" ? -1 : options.MaxBytes;
            options.Sign = what == "sign" ? (SignedResponses)7 : options.Sign;
        }));

    [Fact]
    public async Task Parallel_callers_each_get_the_answer_to_their_own_request()
    {
        await using ApiHost api = await SigningHost.StartAsync(context => context.Response.WriteAsync(context.Request.QueryString.Value!, context.RequestAborted));

        await Parallel.ForAsync(0, 200, TestContext.Current.CancellationToken, async (i, _) =>
        {
            RequestDraft request = api.Draft("GET", $"/signed?{i}");
            RawAnswer answer = await api.SendAsync(request);
            Assert.Equal($"?{i}", answer.Text);
            AnswerCheck.IsSigned(request, answer);
        });
    }
}
