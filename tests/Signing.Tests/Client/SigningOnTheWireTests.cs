using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client;

/// <summary>What is signed is what the socket carries, wherever .NET changes a message on its way there.</summary>
public sealed class SigningOnTheWireTests : ClientTestBase
{
    private static readonly string[] DefaultCoverage = ["@method", "@authority", "@path", "@query"];

    [Fact]
    [Trait("Protocol", "B5")]
    public async Task A_request_without_a_body_covers_its_method_authority_path_and_query_and_verifies()
    {
        RawRequest received = await SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://api.example/orders?id=7"));

        Assert.Equal(DefaultCoverage, received.Covered());
        Assert.Contains($";keyid=\"{KeyId}\"", received["signature-input"], StringComparison.Ordinal);
        Assert.Empty(received.Lines("content-digest"));
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Theory]
    [InlineData("get")]
    [InlineData("Patch")]
    [InlineData("DELETE")]
    [InlineData("fooBar")]
    [InlineData("query")]
    public async Task The_method_is_signed_in_the_case_in_which_it_is_sent(string method)
    {
        RawRequest received = await SendAsync(new HttpRequestMessage(new HttpMethod(method), "http://api.example/"));

        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Theory]
    [InlineData("http://api.example", "api.example", "/")]
    [InlineData("http://api.example?x=1", "api.example", "/?x=1")]
    [InlineData("http://api.example/a?", "api.example", "/a?")]
    [InlineData("http://API.Example:8080/%7Efoo/%41/%2f/../x?q=%41|%zz", "api.example:8080", "/~foo/A/x?q=A%7C%25zz")]
    [InlineData("http://user:pw@api.example/a#frag", "api.example", "/a")]
    [InlineData("http://bücher.example:81/ü?ä=ö", "xn--bcher-kva.example:81", "/%C3%BC?%C3%A4=%C3%B6")]
    [InlineData("http://[::1]:8080/x", "[::1]:8080", "/x")]
    [InlineData("http://[fe80::1%25eth0]/x", "[fe80::1]", "/x")]
    [InlineData("http://api.example./x", "api.example.", "/x")]
    [InlineData("http://api.example:443/x", "api.example:443", "/x")]
    public async Task The_address_is_signed_as_it_is_sent_and_not_as_it_was_written(string uri, string host, string target)
    {
        RawRequest received = await SendAsync(new HttpRequestMessage(HttpMethod.Get, uri));

        Assert.Equal(host, received["host"]);
        Assert.Equal(target, received.Target);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Fact]
    public async Task An_address_that_is_kept_verbatim_is_signed_verbatim()
    {
        var uri = new Uri("http://api.example/%7e/../c?x=%41", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

        RawRequest received = await SendAsync(new HttpRequestMessage(HttpMethod.Get, uri));

        Assert.Equal("/%7e/../c?x=%41", received.Target);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Theory]
    [InlineData("/a b")]
    [InlineData("/a?x=1#part")]
    [InlineData("/ä")]
    public async Task An_address_that_is_kept_verbatim_and_can_be_no_target_is_what_is_blamed_and_not_the_method(string target)
    {
        var uri = new Uri("http://api.example" + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(new HttpRequestMessage(HttpMethod.Get, uri)));

        Assert.Equal(("@path", SignatureStatus.MissingComponent), (refused.Component, refused.Status));
        Assert.Contains("DangerousDisablePathAndQueryCanonicalization", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bücher.example")]
    [InlineData("bücher.example:8443")]
    public async Task A_host_in_letters_that_no_header_has_is_refused_with_the_remedy(string host)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://api.example/") { Headers = { Host = host } };

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(request));

        Assert.Equal(("@authority", SignatureStatus.MissingComponent), (refused.Component, refused.Status));
        Assert.Contains("the Host header is no name with or without a port. One in other letters than ASCII is written as xn--", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_the_caller_sets_is_the_authority_that_is_signed()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://127.0.0.1:1/x");
        request.Headers.Host = "Tenant.Example:8443";

        RawRequest received = await SendAsync(request);

        Assert.Equal("Tenant.Example:8443", received["host"]);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Theory]
    [InlineData("bad host/abc")]
    [InlineData("")]
    [InlineData("a.example", "b.example")]
    public async Task A_host_that_would_be_sent_twice_is_refused_before_anything_is_sent(params string[] hosts)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://api.example/");
        foreach (string host in hosts)
        {
            request.Headers.TryAddWithoutValidation("Host", host);
        }

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(request));

        Assert.Equal("@authority", refused.Component);
        Assert.Empty(Server.Requests);
    }

    [Theory]
    [InlineData("Cache-Control", "no-cache,max-age=1")]
    [InlineData("Accept", "a/b;q=0.10 ,c/d")]
    [InlineData("Date", "Tue, 15 Nov 1994 08:12:31 +0000")]
    [InlineData("Authorization", "Bearer   x")]
    [InlineData("X-Padded", "   a   b  ")]
    [InlineData("X-Empty", "")]
    [InlineData("X-Several", " a ", "  b", "", "c  ")]
    [InlineData("User-Agent", "x/1 (c)", " y/2")]
    [InlineData("Cache-Control", "no-cache,max-age=1", "no-store")]
    public async Task A_header_is_sent_as_the_caller_wrote_it_and_signed_as_it_is_sent(string name, params string[] values)
    {
        using HttpMessageInvoker plain = new(Connection());
        await plain.SendAsync(WithHeader(name, values), Cancelled);
        RawRequest received = await SendAsync(WithHeader(name, values), options => options.Policy = new SigningPolicy { Components = [.. DefaultCoverage, name.ToLowerInvariant()] });

        Assert.Equal(Server.Requests[0].Lines(name), received.Lines(name));
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Fact]
    public async Task A_field_of_the_request_and_of_its_content_is_signed_as_the_two_lines_it_is_sent_as()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://api.example/") { Content = new ByteArrayContent([1, 2]) };
        request.Headers.Add("X-Both", "of the request");
        request.Content.Headers.Add("X-Both", "of the content");

        RawRequest received = await SendAsync(request, options => options.Policy = new SigningPolicy { Components = ["@method", "@authority", "@path", "@query", "x-both"] });

        Assert.Equal(2, received.Lines("x-both").Length);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_content_length_is_covered_if_it_is_sent_and_otherwise_refused(bool chunked)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://api.example/") { Content = new StringContent("hello") };
        request.Headers.TransferEncodingChunked = chunked ? true : null;
        void Policy(MessageSigningOptions options) => options.Policy = new SigningPolicy { Components = [.. DefaultCoverage, "content-length"] };

        if (chunked)
        {
            MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() => SendAsync(request, Policy));
            Assert.Equal("content-length", refused.Component);
            return;
        }

        RawRequest received = await SendAsync(request, Policy);
        Assert.Equal("5", received["content-length"]);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Theory]
    [InlineData("x-tenant", SignatureStatus.MissingComponent)]
    [InlineData("host", SignatureStatus.MissingComponent)]
    [InlineData("\"@query-param\";name=\"id\"", SignatureStatus.MissingComponent)]
    public async Task A_component_without_a_value_is_named_and_nothing_is_sent(string component, SignatureStatus status)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://api.example/?other=1");

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() =>
            SendAsync(request, options => options.Policy = new SigningPolicy { Components = ["@method", component] }));

        Assert.Equal(component, refused.Component);
        Assert.Equal(status, refused.Status);
        Assert.Contains(component, refused.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SigningPolicy.CoverIfPresent), refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.ToString(), StringComparison.Ordinal);
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public async Task A_covered_header_that_is_not_ascii_is_refused_by_name()
    {
        HttpRequestMessage request = WithHeader("X-Name", "café");

        MessageSigningException refused = await Assert.ThrowsAsync<MessageSigningException>(() =>
            SendAsync(request, options => options.Policy = new SigningPolicy { Components = ["@method", "x-name"] }));

        Assert.Equal("x-name", refused.Component);
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public async Task Derived_components_are_those_of_the_request_that_is_sent()
    {
        RawRequest received = await SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "http://api.example:8080/a/b?id=7&x=%20"),
            options => options.Policy = new SigningPolicy { Components = ["@method", "@authority", "@path", "@query", "@scheme", "@target-uri", "@request-target", "\"@query-param\";name=\"id\""] });

        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Fact]
    public async Task A_proxy_gets_the_absolute_form_and_the_signature_still_fits()
    {
        using var connection = new SocketsHttpHandler { Proxy = new System.Net.WebProxy(Server.Address), UseProxy = true };
        using HttpMessageInvoker client = Client(inner: connection);

        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://api.example:8080/a?b=c"), Cancelled);

        RawRequest received = Server.Requests[^1];
        Assert.Equal("http://api.example:8080/a?b=c", received.Target);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Fact]
    public async Task A_policy_with_many_long_components_still_fits_its_buffer()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://api.example/");
        string[] names = [.. Enumerable.Range(0, 25).Select(number => $"x-{new string('a', 60)}-{number}")];
        foreach (string name in names)
        {
            request.Headers.Add(name, "1");
        }

        RawRequest received = await SendAsync(request, options => options.Policy = new SigningPolicy { CoverIfPresent = names });

        Assert.Equal(29, received.Covered().Length);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Fact]
    public void A_synchronous_send_signs_as_well()
    {
        using HttpMessageInvoker client = Client();

        using HttpResponseMessage response = client.Send(new HttpRequestMessage(HttpMethod.Post, "http://api.example/a") { Content = new StringContent("hello") }, Cancelled);

        Assert.Equal("hello", Server.Requests[^1].Text);
        Assert.Equal(SignatureStatus.Verified, Verify(Server.Requests[^1]));
    }

    private static HttpRequestMessage WithHeader(string name, params string[] values)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://api.example/");
        foreach (string value in values)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return request;
    }
}
