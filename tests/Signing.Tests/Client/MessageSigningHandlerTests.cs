using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client;

/// <summary>The handler by itself: attempts, foreign signatures, redirects, plain http, overrides.</summary>
public sealed class MessageSigningHandlerTests : ClientTestBase
{
    private const string Address = "http://api.example/orders";

    [Fact]
    public async Task Every_attempt_of_an_outer_retry_is_signed_afresh()
    {
        using var client = new HttpMessageInvoker(new RepeatingHandler(3)
        {
            InnerHandler = new MessageSigningHandler(OptionsWith(), Connection(), Time),
        });

        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Address), Cancelled);

        Assert.Equal(3, Server.Requests.Length);
        Assert.All(Server.Requests, received => Assert.Equal(SignatureStatus.Verified, Verify(received)));
        Assert.Equal(3, Server.Requests.Select(received => received["signature"]).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    [Trait("Protocol", "W4")]
    public async Task Signatures_of_others_are_kept_and_only_our_own_is_replaced()
    {
        const string ForeignInput = "gate=(\"@method\";req  \"x\");keyid=\"a, sig=(\\\"\"";
        using HttpMessageInvoker client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.TryAddWithoutValidation("Signature-Input", ForeignInput + ", sig=(\"@path\");created=1");
        request.Headers.TryAddWithoutValidation("Signature", ["sig=:AAAA:;a=1 ,\tgate=:AQID:", "other=:BBBB:"]);
        request.Headers.TryAddWithoutValidation("Signature-Input", "other=()");

        for (int i = 0; i < 2; i++)
        {
            await client.SendAsync(request, Cancelled);
        }

        Assert.All(Server.Requests, received =>
        {
            Assert.StartsWith(ForeignInput + ", other=(), sig=(\"@method\"", received["signature-input"], StringComparison.Ordinal);
            Assert.StartsWith("gate=:AQID:, other=:BBBB:, sig=:", received["signature"], StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_foreign_signature_alone_is_left_as_the_caller_wrote_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.TryAddWithoutValidation("Signature-Input", "gate=();  created=1,x=()");
        request.Headers.TryAddWithoutValidation("Signature", "gate=:AQID:,x=:AQID:");

        RawRequest received = await SendAsync(request);

        Assert.StartsWith("gate=();  created=1,x=(), sig=(", received["signature-input"], StringComparison.Ordinal);
        Assert.StartsWith("gate=:AQID:,x=:AQID:, sig=:", received["signature"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Signature-Input", SignatureStatus.MalformedSignatureInput)]
    [InlineData("Signature", SignatureStatus.MalformedSignature)]
    public async Task A_foreign_signature_that_is_malformed_is_refused_because_it_would_spoil_ours(string name, SignatureStatus status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.TryAddWithoutValidation(name, "a=(,");

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(request));

        Assert.Equal(status, refused.Status);
        Assert.Empty(Server.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Protocol", "A5")]
    public async Task A_redirect_is_returned_and_not_followed(bool clientHandler)
    {
        Server.Answer = (_, _) => "HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
        using HttpMessageHandler inner = clientHandler ? new HttpClientHandler() : new SocketsHttpHandler();
        using HttpMessageInvoker client = Client(inner: new RelayHandler { InnerHandler = inner });

        using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Single(Server.Requests);
    }

    [Fact]
    public async Task Redirects_are_turned_off_again_if_the_inner_handler_is_exchanged()
    {
        using var handler = new MessageSigningHandler(OptionsWith(), Connection(), Time);
        using var other = new SocketsHttpHandler();
        handler.InnerHandler = other;
        using var client = new HttpMessageInvoker(handler);

        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        Assert.False(other.AllowAutoRedirect);
    }

    [Fact]
    public async Task A_connection_that_follows_redirects_and_is_in_use_is_refused()
    {
        SocketsHttpHandler used = Connection();
        using var plain = new HttpMessageInvoker(used);
        await plain.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => new MessageSigningHandler(OptionsWith(), used, Time));

        Assert.Contains("AllowAutoRedirect", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_inner_handler_it_connects_by_itself()
    {
        using var client = new HttpClient(new MessageSigningHandler(new MessageSigningOptions { Key = KeyId, Secret = Secret }, timeProvider: Time));

        using HttpResponseMessage response = await client.GetAsync(new Uri(Server.Address, "/a?b=c"), Cancelled);

        Assert.Equal(SignatureStatus.Verified, Verify(Assert.Single(Server.Requests)));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/", true)]
    [InlineData("http://127.9.8.7/", true)]
    [InlineData("http://[::1]/", true)]
    [InlineData("http://localhost/", true)]
    [InlineData("http://LOCALHOST:8080/", true)]
    [InlineData("http://api.example/", false)]
    [InlineData("http://localhost.example/", false)]
    [InlineData("http://10.0.0.1/", false)]
    [InlineData("ftp://localhost/", false)]
    [InlineData("https+http://localhost/", false)]
    public async Task Plain_http_stays_on_this_machine_unless_it_is_allowed(string address, bool isSent)
    {
        using HttpMessageInvoker client = Client(options => options.AllowPlainHttp = false);
        Task<HttpResponseMessage> Send() => client.SendAsync(new HttpRequestMessage(HttpMethod.Get, address + "secret-path?and=query"), Cancelled);

        if (isSent)
        {
            await Send();
        }
        else
        {
            MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(Send);
            Assert.Contains("Use https", refused.Message, StringComparison.Ordinal);
            Assert.Equal(address.StartsWith("http:", StringComparison.Ordinal), refused.Message.Contains(nameof(MessageSigningOptions.AllowPlainHttp), StringComparison.Ordinal));
            Assert.DoesNotContain("secret-path", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(isSent ? 1 : 0, Server.Requests.Length);
    }

    [Fact]
    public async Task A_relative_address_and_CONNECT_are_refused()
    {
        await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri("/a", UriKind.Relative))));
        await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(new HttpRequestMessage(HttpMethod.Connect, Address)));
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public async Task One_request_may_be_sent_unsigned()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new StringContent("hello") };
        request.Options.Set(SigningOverrides.Skip, true);

        RawRequest received = await SendAsync(request);
        using HttpMessageInvoker client = Client();
        using HttpResponseMessage synchronous = client.Send(request, Cancelled);

        foreach (RawRequest each in (RawRequest[])[received, Server.Requests[^1]])
        {
            Assert.Empty(each.Lines("signature"));
            Assert.Empty(each.Lines("content-digest"));
        }

        request.Options.Set(SigningOverrides.Skip, false);
        Assert.Equal(SignatureStatus.Verified, Verify(await SendAsync(request)));
    }

    [Fact]
    public async Task One_request_may_have_another_key_tag_and_more_components()
    {
        using var otherKey = new SigningKey("other_key", "other_secret_0123456789");
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.Add("X-Tenant", "7");
        request.Options.Set(SigningOverrides.Key, otherKey);
        request.Options.Set(SigningOverrides.Tag, "billing");
        request.Options.Set(SigningOverrides.Components, ["x-tenant", "@scheme"]);

        RawRequest received = await SendAsync(request, options => options.Policy = new SigningPolicy { Tag = "orders" });

        Assert.Equal(SignatureStatus.Verified, received.Verify(otherKey, Time, new VerificationPolicy { Tag = "billing", RequiredComponents = ["@method", "x-tenant", "@scheme"] }));
        Assert.Equal(SignatureStatus.MissingSignature, received.Verify(otherKey, Time, new VerificationPolicy { Tag = "orders" }));
        Assert.Equal(SignatureStatus.InvalidCredential, Verify(received));
    }

    [Theory]
    [InlineData("X-Upper")]
    [InlineData("@unknown")]
    [InlineData("")]
    public async Task A_component_that_a_request_adds_and_nobody_knows_is_refused(string component)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Options.Set(SigningOverrides.Components, [component]);

        await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(request));
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public async Task A_token_set_on_the_request_is_covered()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "abc");

        RawRequest received = await SendAsync(request);

        Assert.Contains("authorization", received.Covered(), StringComparer.Ordinal);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Fact]
    public async Task Parameters_follow_the_policy()
    {
        RawRequest received = await SendAsync(
            new HttpRequestMessage(HttpMethod.Get, Address),
            options => options.Policy = new SigningPolicy { Label = "mine", Tag = "t", Lifetime = TimeSpan.FromMinutes(1), IncludeNonce = false, IncludeAlgorithm = false });

        long now = Time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal($"mine=(\"@method\" \"@authority\" \"@path\" \"@query\");created={now};expires={now + 60};keyid=\"{KeyId}\";tag=\"t\"", received["signature-input"]);
    }

    [Theory]
    [InlineData("", Secret, "Key")]
    [InlineData("schlüssel", Secret, "Key")]
    [InlineData(KeyId, "", "Secret")]
    [InlineData(KeyId, "short_secret", "Secret")]
    [InlineData(KeyId, Secret + "\n", "Secret")]
    [InlineData(Secret, Secret, "Secret")]
    public void Options_that_cannot_work_are_refused_in_words_that_show_neither_key_nor_secret(string key, string secret, string named)
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => new MessageSigningHandler(new MessageSigningOptions { Key = key, Secret = secret }));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.All(new[] { key, secret }.Where(text => text.Length > 0), text => Assert.DoesNotContain(text.Trim(), refused.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_that_are_changed_later_have_no_effect()
    {
        MessageSigningOptions options = OptionsWith(options => options.AllowPlainHttp = false);
        using var client = new HttpMessageInvoker(new MessageSigningHandler(options, Connection(), Time));
        options.AllowPlainHttp = true;
        options.Key = "another";

        await Assert.ThrowsAsync<MessageSigningException>(() => client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Address), Cancelled));
        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1/orders"), Cancelled);

        Assert.Equal(SignatureStatus.Verified, Verify(Assert.Single(Server.Requests)));
    }

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        var options = new MessageSigningOptions
        {
            Digest = DigestAlgorithms.None,
            MaxBufferedBytes = -1,
            Policy = new SigningPolicy { Components = ["Nonsense"] },
        };

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => new MessageSigningHandler(options));

        Assert.Equal(5, refused.Failures.Count());
    }

    [Fact]
    public void Options_without_a_policy_or_above_a_limit_are_refused_and_those_at_the_limit_are_not()
    {
        (string Told, Action<MessageSigningOptions> Change)[] wrong =
        [
            ("has no Policy", options => options.Policy = null!),
            ("has no Responses", options => options.Responses = null!),
            ("has no Responses", options => options.Responses.Policy = null!),
            ("MaxBytes below 0", options => options.Responses.MaxBytes = -1),
            ("MaxBufferedBytes", options => options.MaxBufferedBytes = int.MaxValue + 1L),
            ("a Key that is not", options => options.Key = new string('k', SignatureLimits.MaxKeyIdLength + 1)),
            ("a Key that begins or ends with white space", options => options.Key += " "),
            ("a Key that begins or ends with white space", options => options.Key = "\n" + options.Key),
        ];

        foreach ((string told, Action<MessageSigningOptions> change) in wrong)
        {
            Assert.Contains(told, Assert.Throws<OptionsValidationException>(() => new MessageSigningHandler(OptionsWith(change))).Message, StringComparison.Ordinal);
        }

        using var most = new MessageSigningHandler(OptionsWith(options =>
            (options.Key, options.Secret, options.MaxBufferedBytes, options.Responses.MaxBytes) = (new string('k', SignatureLimits.MaxKeyIdLength), "0123456789abcdef", int.MaxValue, 0)));
        using var least = new MessageSigningHandler(OptionsWith(options => options.MaxBufferedBytes = 0));
    }

    [Fact]
    public async Task A_handler_that_an_earlier_client_has_disposed_of_is_named_as_such()
    {
        var handler = new MessageSigningHandler(OptionsWith(), Connection(), Time);
        new HttpMessageInvoker(handler).Dispose();
        using var later = new HttpMessageInvoker(handler);

        ObjectDisposedException ended = await Assert.ThrowsAsync<ObjectDisposedException>(() => later.SendAsync(new HttpRequestMessage(HttpMethod.Get, Address), Cancelled));
        Assert.Equal(typeof(MessageSigningHandler).FullName, ended.ObjectName);
        ended = Assert.Throws<ObjectDisposedException>(() => later.Send(new HttpRequestMessage(HttpMethod.Get, Address), Cancelled));
        Assert.Equal(typeof(MessageSigningHandler).FullName, ended.ObjectName);
    }

    [Fact]
    public async Task A_disposed_handler_does_not_sign_any_more()
    {
        var handler = new MessageSigningHandler(OptionsWith(), Connection(), Time);
        var client = new HttpMessageInvoker(handler);
        client.Dispose();

        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Address), Cancelled));
    }

    [Fact]
    public async Task Many_threads_sign_at_once()
    {
        using HttpMessageInvoker client = Client();

        await Parallel.ForAsync(0, 200, Cancelled, async (number, cancellationToken) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{Address}/{number}") { Content = new StringContent($"body {number}") };
            request.Headers.Add("Authorization", $"Bearer {number}");
            using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
        });

        Assert.Equal(200, Server.Requests.Length);
        Assert.All(Server.Requests, received => Assert.Equal(SignatureStatus.Verified, Verify(received)));
    }
}
