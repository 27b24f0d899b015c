using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Client;
using Signing.Tests.Client;
using Signing.Tests.Responses;
using Signing.Tests.Support;

namespace Signing.Tests.Several;

/// <summary>Clients that sign beside others: a gateway that hands requests on, and two signers on one client.</summary>
public sealed class GatewayClientTests : ClientTestBase
{
    private const string Members = "sig=(\"@method\" \"x-first\");tag=\"first\", sig2=(\"@method\" \"x-second\");created;alg=\"hmac-sha256\";tag=\"second\"";

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task One_handler_around_another_signs_for_both_and_each_attempt_signs_both_anew(Door door)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(door);
        using var client = new HttpClient(new RepeatingHandler(3) { InnerHandler = Signer(host, "caller", Signer(host, "gateway", new SocketsHttpHandler { UseProxy = false })) });

        using HttpResponseMessage response = await client.PostAsJsonAsync($"http://{host.Api.Authority}/chain", new { Amount = 7 }, Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(SeveralHost.CallerKey, Assert.Single(response.Headers.GetValues("X-User")));
        Assert.Equal(SeveralHost.GatewayKey, Assert.Single(response.Headers.GetValues("X-Gateway")));
    }

    [Fact]
    public async Task A_gateway_learns_what_the_challenge_asks_of_the_caller_and_of_it_apart()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(
            Door.Scheme, caller: options => options.Policy = new VerificationPolicy { Tag = "caller", CoveredIfPresent = ["x-tenant"] });
        using var client = new HttpClient(Signer(host, "caller", Signer(host, "gateway", new SocketsHttpHandler { UseProxy = false })));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host.Api.Authority}/chain");
        request.Headers.Add("x-tenant", "7");

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_signed_response_answers_the_callers_signature_and_not_the_gateways()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(
            Door.Middleware,
            builder => builder.Services.AddResponseSignature(options => options.Sign = SignedResponses.All),
            before: app => app.UseResponseSignature());
        var options = new MessageSigningOptions { Key = SeveralHost.CallerKey, Secret = SeveralHost.CallerSecret, Policy = new SigningPolicy { Tag = "caller" } };
        options.Responses.Required = true;
        using var client = new HttpClient(new MessageSigningHandler(options, Signer(host, "gateway", new SocketsHttpHandler { UseProxy = false }), host.Api.Clock));

        using HttpResponseMessage response = await client.GetAsync($"http://{host.Api.Authority}/chain", Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("keyid=\"caller-key\"", Assert.Single(response.Headers.GetValues("Signature-Input")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_gateway_whose_label_is_taken_asks_for_and_verifies_the_answer_to_the_label_it_signed_under(bool coversWish)
    {
        await using ApiHost host = await SigningHost.StartAsync(
            configure: options => options.Sign = SignedResponses.WhenAsked,
            signature: options => options.Policy = new VerificationPolicy { Tag = "gateway" });
        var options = new MessageSigningOptions
        {
            Key = ApiHost.Key,
            Secret = ApiHost.Secret,
            Policy = new SigningPolicy { Tag = "gateway", CoverSignatures = true, CoverIfPresent = coversWish ? ["accept-signature"] : [] },
        };
        options.Responses.Required = true;
        using var client = new HttpClient(new RepeatingHandler(2) { InnerHandler = new MessageSigningHandler(options, new SocketsHttpHandler { UseProxy = false }, host.Clock) });
        using HttpRequestMessage request = Foreign();
        request.RequestUri = new Uri($"http://{host.Authority}/signed");

        using HttpResponseMessage response = await client.SendAsync(request, Cancelled);

        Assert.Equal(SigningHost.Text, await response.Content.ReadAsStringAsync(Cancelled));
        Assert.Contains("\"signature\";req;key=\"sig2\"", Assert.Single(request.Headers.GetValues("Accept-Signature")), StringComparison.Ordinal);
        Assert.Contains("\"signature\";req;key=\"sig2\"", Assert.Single(response.Headers.GetValues("Signature-Input")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_gateway_hands_on_keeps_its_signature_even_under_the_gateways_label()
    {
        using HttpRequestMessage request = Foreign();
        using HttpMessageInvoker client = Client(options => options.Policy = new SigningPolicy { CoverSignatures = true });

        await client.SendAsync(request, Cancelled);
        await client.SendAsync(request, Cancelled);

        Assert.All(Server.Requests, received =>
        {
            Assert.Matches("^sig=\\(\"@method\"\\);created=1;keyid=\"theirs\", ?sig2=\\(.*\"signature\";key=\"sig\"\\);created=[^,]*$", received["signature-input"]);
            Assert.Matches("^sig=:[^,]*:, ?sig2=:[^,]*:$", received["signature"]);
            Assert.Equal(SignatureStatus.Verified, Verify(received));
        });
        Assert.NotEqual(Server.Requests[0]["signature"], Server.Requests[1]["signature"]);
    }

    // Ours are its own label and that label with a number.
    [Theory]
    [InlineData("other")]
    [InlineData("old2")]
    [InlineData("sigil")]
    [InlineData("sig2b")]
    public async Task What_the_same_key_has_signed_under_another_label_stays_and_is_covered(string label)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.Address);
        request.Headers.TryAddWithoutValidation("Signature-Input", $"{label}=(\"@method\");created=1;keyid=\"{KeyId}\", sig7=(\"@method\");created=1;keyid=\"{KeyId}\"");
        request.Headers.TryAddWithoutValidation("Signature", $"{label}=:AA==:, sig7=:AA==:");
        using HttpMessageInvoker client = Client(options => options.Policy = new SigningPolicy { CoverSignatures = true });

        await client.SendAsync(request, Cancelled);

        RawRequest received = Assert.Single(Server.Requests);
        Assert.Matches($"^{label}=\\(\"@method\"\\);created=1;keyid=\"{KeyId}\", ?sig=\\([^,]*\"signature\";key=\"{label}\"\\);created=[^,]*$", received["signature-input"]);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Theory]
    [InlineData("sig=(", "sig=:AA==:", SignatureStatus.MalformedSignatureInput)]
    [InlineData("sig=()", "other=:AA==:", SignatureStatus.MissingComponent)]
    public async Task A_gateway_sends_nothing_where_it_cannot_cover_what_is_there(string input, string signature, SignatureStatus status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.Address);
        request.Headers.TryAddWithoutValidation("Signature-Input", input);
        request.Headers.TryAddWithoutValidation("Signature", signature);
        using HttpMessageInvoker client = Client(options => options.Policy = new SigningPolicy { CoverSignatures = true });

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => client.SendAsync(request, Cancelled));

        Assert.Equal(status, refused.Status);
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public async Task A_foreign_signature_under_another_label_stays_and_ours_alone_is_replaced()
    {
        using HttpRequestMessage request = Foreign();
        using HttpMessageInvoker client = Client(options => options.Policy = new SigningPolicy { Label = "ours" });

        await client.SendAsync(request, Cancelled);
        await client.SendAsync(request, Cancelled);

        Assert.Matches("^sig=\\(\"@method\"\\);created=1;keyid=\"theirs\", ?ours=[^,]*$", Server.Requests[1]["signature-input"]);
        Assert.NotEqual(Server.Requests[0]["signature"], Server.Requests[1]["signature"]);
    }

    [Fact]
    public async Task Two_keys_under_different_labels_or_tags_on_one_client_are_refused_at_start()
    {
        var services = new ServiceCollection();
        services.AddHttpClient("orders")
            .AddMessageSigning(options => (options.Key, options.Secret, options.Policy) = (SeveralHost.CallerKey, SeveralHost.CallerSecret, new SigningPolicy { Tag = "caller" }))
            .AddMessageSigning(options => (options.Key, options.Secret, options.Policy) = (SeveralHost.GatewayKey, SeveralHost.GatewaySecret, new SigningPolicy { Tag = "gateway" }));
        await using ServiceProvider provider = services.BuildServiceProvider();

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("is added twice, with different Keys", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret of the", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("first", Members, "x-first")]
    [InlineData("second", Members, "x-second")]
    [InlineData("second", "a=(\"x-first\"), b=(\"x-second\");tag=\"second\"", "x-second")]
    [InlineData("third", "a=(\"x-first\"), b=(\"x-second\");tag=\"second\"", "x-first")]
    [InlineData(null, "b=(\"x-second\");tag=\"second\", a=(\"x-first\")", "x-first")]
    [InlineData(null, "b=(\"x-second\");alg=\"ed25519\", a=(\"x-first\");alg=\"hmac-sha256\"", "x-first")]
    [InlineData("say \"so\"", "a=(\"x-first\");tag=\"say\", b=(\"x-second\");tag=\"say \\\"so\\\"\"", "x-second")]
    public async Task The_member_that_is_meant_for_us_is_the_one_of_our_tag_or_else_of_none(string? tag, string accepted, string followed)
    {
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("insufficient_coverage", $"Accept-Signature: {accepted}\r\n") : RawServer.Ok;
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.Address);
        request.Headers.Add("x-first", "1");
        request.Headers.Add("x-second", "2");

        RawRequest received = await SendAsync(request, options => options.Policy = new SigningPolicy { Tag = tag });

        Assert.Equal(["@method", "@authority", "@path", "@query", followed], received.Covered());
    }

    [Theory]
    [InlineData("third", Members)]
    [InlineData("second", Members + ", c")]
    [InlineData("second", Members + ", c=(")]
    [InlineData("second", Members + ", c=1")]
    [InlineData("second", Members + ",")]
    public async Task No_member_for_us_and_one_that_is_malformed_anywhere_teach_nothing(string tag, string accepted)
    {
        Server.Answer = (_, _) => RawServer.Refuse("insufficient_coverage", $"Accept-Signature: {accepted}\r\n");
        using var request = new HttpRequestMessage(HttpMethod.Get, Server.Address);
        request.Headers.Add("x-second", "2");

        await SendAsync(request, options => options.Policy = new SigningPolicy { Tag = tag });

        Assert.Single(Server.Requests);
    }

    private static MessageSigningHandler Signer(SeveralHost host, string party, HttpMessageHandler inner) => new(
        new MessageSigningOptions
        {
            Key = party == "caller" ? SeveralHost.CallerKey : SeveralHost.GatewayKey,
            Secret = party == "caller" ? SeveralHost.CallerSecret : SeveralHost.GatewaySecret,
            Policy = new SigningPolicy { Label = party, Tag = party, CoverSignatures = party == "gateway" },
        },
        inner,
        host.Api.Clock);

    private HttpRequestMessage Foreign()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Server.Address);
        request.Headers.TryAddWithoutValidation("Signature-Input", "sig=(\"@method\");created=1;keyid=\"theirs\"");
        request.Headers.TryAddWithoutValidation("Signature", "sig=:X5spyd6CFnAG5QnDyHfqoSNICd+BUP4LYMz2Q0JXlb8=:");
        return request;
    }
}
