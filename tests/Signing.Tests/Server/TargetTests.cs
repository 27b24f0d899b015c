using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>What is signed is what is on the wire, and what the caller sees behind a gateway.</summary>
public sealed class TargetTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/a%2Fb%252Fc%3f")]
    [InlineData("/a/../../b/%2e%2e/c")]
    [InlineData("//evil.example/p")]
    [InlineData("/%7Efoo/%41?q=%41&q=b+c&Q=d")]
    [InlineData("/p?")]
    public async Task The_raw_target_is_verified_as_it_was_sent(string target)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = host.Draft("GET", target);

        RawAnswer answer = await host.SendAsync(draft);

        Assert.Equal((200, ApiHost.Key), (answer.Status, answer.User));
    }

    [Theory]
    [InlineData("/foo", "/f%6fo")]
    [InlineData("/foo", "/x/../foo")]
    [InlineData("/foo", "/foo?")]
    [InlineData("/foo?a=1", "/foo?a=1&a=2")]
    [InlineData("/foo?a=1", "/foo?a=%31")]
    public async Task A_target_that_only_means_the_same_is_another_one(string signed, string sent)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = host.Draft("GET", sent);
        draft.SignedTarget = signed;
        draft.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"@request-target\"";

        Assert.Equal("invalid_credential", (await host.SendAsync(draft)).Code);
    }

    [Fact]
    public async Task A_target_with_a_fragment_is_none()
    {
        await using ApiHost host = await ApiHost.StartAsync();

        Assert.Equal("missing_component", (await host.SendAsync(host.Draft("GET", "/p#f?x"))).Code);
    }

    [Theory]
    [InlineData("get")]
    [InlineData("Post")]
    [InlineData("PURGE")]
    public async Task The_method_keeps_its_case(string method)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft other = host.Draft(method);
        other.SignedMethod = method == "get" ? "GET" : method.ToLowerInvariant();

        Assert.Equal(ApiHost.Key, (await host.SendAsync(host.Draft(method))).User);
        Assert.Equal("invalid_credential", (await host.SendAsync(other)).Code);
    }

    [Fact]
    public async Task The_asterisk_of_OPTIONS_is_verified()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = host.Draft("OPTIONS", "*");
        draft.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"@request-target\"";
        RequestDraft root = host.Draft("OPTIONS", "/");
        root.SignedTarget = "*";
        root.Covered = draft.Covered;

        Assert.Equal(ApiHost.Key, (await host.SendAsync(draft)).User);
        Assert.Equal("invalid_credential", (await host.SendAsync(root)).Code);
    }

    [Fact]
    public async Task In_absolute_form_the_authority_and_path_of_the_target_are_verified()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = host.Draft("GET", $"http://{host.Authority}/orders?id=1");
        draft.SignedTarget = "/orders?id=1";

        Assert.Equal(ApiHost.Key, (await host.SendAsync(draft)).User);
    }

    [Theory]
    [InlineData("API.example", "api.example")]
    [InlineData("api.example:80", "api.example")]
    [InlineData("[::1]:8080", "[::1]:8080")]
    public async Task The_Host_field_is_normalised_as_the_RFC_says_and_no_further(string sent, string signed)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = host.Draft();
        draft.Authority = sent;
        draft.SignedAuthority = signed;
        RequestDraft elsewhere = host.Draft();
        elsewhere.Authority = "evil.example";
        elsewhere.SignedAuthority = signed;

        Assert.Equal(ApiHost.Key, (await host.SendAsync(draft)).User);
        Assert.Equal("invalid_credential", (await host.SendAsync(elsewhere)).Code);
    }

    [Fact]
    public async Task Two_Hosts_are_refused_by_the_server()
    {
        await using ApiHost host = await ApiHost.StartAsync();

        Assert.Equal(400, (await host.SendAsync(host.Draft().With("Host", "evil.example"))).Status);
        Assert.Equal(0, host.Calls);
    }

    [Fact]
    [Trait("Protocol", "C4")]
    public async Task A_field_named_like_a_component_feeds_nothing()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = host.Draft("POST").With("@method", "GET");
        draft.SignedMethod = "GET";

        Assert.Equal("invalid_credential", (await host.SendAsync(draft)).Code);
        Assert.Equal(200, (await host.SendAsync(host.Draft("POST").With("@method", "GET"))).Status);
    }

    [Fact]
    [Trait("Protocol", "F4")]
    public async Task A_covered_field_beyond_ASCII_is_refused_and_an_uncovered_one_is_not_ours()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft covered = host.Draft().With("X-Name", "café");
        covered.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"x-name\"";

        Assert.Equal("missing_component", (await host.SendAsync(covered)).Code);
        Assert.Equal(200, (await host.SendAsync(host.Draft().With("X-Name", "café"))).Status);
    }

    [Fact]
    [Trait("Protocol", "F1")]
    public async Task The_lines_of_a_field_are_joined_in_the_order_sent()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        const string covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"x-list\" \"x-empty\"";
        RequestDraft draft = host.Draft().With("X-List", "1").With("X-Empty", "").With("x-list", "2,  3").With("X-LIST", " 4\t");
        draft.Covered = covered;
        RequestDraft swapped = host.Draft().With("X-List", "1").With("X-List", "2").With("X-Empty", "");
        swapped.Covered = covered;
        string message = System.Text.Encoding.Latin1.GetString(swapped.ToHttp1());

        Assert.Equal(200, (await host.SendAsync(draft)).Status);
        Assert.Equal("invalid_credential", (await host.SendAsync(message.Replace("X-List: 1\r\nX-List: 2\r\n", "X-List: 2\r\nX-List: 1\r\n", StringComparison.Ordinal))).Code);
        Assert.Equal(200, (await host.SendAsync(message)).Status);
    }

    [Fact]
    public async Task Cookies_that_HTTP_2_splits_are_one_field_again()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = host.Draft().With("Cookie", "a=1; b=2; c=3");
        draft.Authority = host.Http2Authority;
        draft.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"cookie\"";
        RawAnswer answer = await host.SendHttp2Async(draft);

        // RFC 9113 §8.2.3: a client may send each pair in a field line of its own, and the server joins them with "; ".
        RequestDraft split = host.Draft().With("Cookie", "a=1; b=2; c=3");
        split.Authority = host.Http2Authority;
        split.Covered = draft.Covered;
        (string Name, string Value)[] fields = [.. split.AllFields().Where(field => field.Name != "Cookie")];
        split.Signed = false;
        split.Fields.Clear();
        split.Fields.AddRange([("Cookie", "a=1"), ("Cookie", "b=2"), ("Cookie", "c=3"), .. fields]);

        Assert.Equal(200, answer.Status);
        Assert.Equal(200, (await host.SendHttp2Async(split)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_authority_of_HTTP_2_is_verified(bool right)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = host.Draft();
        draft.Authority = "api.example";
        draft.SignedAuthority = right ? "api.example" : "other.example";

        Assert.Equal(right ? 200 : 401, (await host.SendHttp2Async(draft)).Status);
    }

    [Theory]
    [InlineData("https://api.example.com", "/orders?id=1", "https", "api.example.com", "/orders?id=1")]
    [InlineData("https://api.example.com:443/", "/orders", "https", "api.example.com", "/orders")]
    [InlineData("https://api.example.com:8443/v1", "/orders%2F?", "https", "api.example.com:8443", "/v1/orders%2F?")]
    [InlineData("https://api.example.com/v1/", "/", "https", "api.example.com", "/v1/")]
    [InlineData("http://[::1]:81/v1", "/x", "http", "[::1]:81", "/v1/x")]
    [InlineData("https://b\u00fccher.example", "/x", "https", "xn--bcher-kva.example", "/x")]
    public async Task Behind_a_gateway_the_public_origin_is_verified(string origin, string target, string scheme, string authority, string signed)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Signature = options => options.PublicOrigin = new Uri(origin) });
        RequestDraft draft = host.Draft("GET", target);
        draft.Scheme = scheme;
        draft.SignedAuthority = authority;
        draft.SignedTarget = signed;
        draft.Covered = "\"@method\" \"@authority\" \"@path\" \"@query\" \"@scheme\" \"@target-uri\"";
        RequestDraft direct = host.Draft("GET", target);

        Assert.Equal(ApiHost.Key, (await host.SendAsync(draft)).User);
        Assert.Equal("invalid_credential", (await host.SendAsync(direct)).Code);
    }

    [Theory]
    [InlineData("/orders?id=1", "/v1/orders?id=1")]
    [InlineData("", "/v1/")]
    [InlineData("?id=1", "/v1/?id=1")]
    public async Task Behind_a_gateway_an_absolute_form_names_an_inner_host_that_the_caller_never_saw(string rest, string signed)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Signature = options => options.PublicOrigin = new Uri("https://api.example.com/v1") });
        RequestDraft draft = host.Draft("GET", $"http://{host.Authority}{rest}");
        draft.SignedAuthority = "api.example.com";
        draft.SignedTarget = signed;

        Assert.Equal(ApiHost.Key, (await host.SendAsync(draft)).User);
    }

    [Theory]
    [InlineData("ftp://api.example.com")]
    [InlineData("https://user@api.example.com")]
    [InlineData("https://api.example.com/?x")]
    [InlineData("https://api.example.com/#x")]
    [InlineData("/v1")]
    public async Task A_public_origin_that_is_none_stops_the_start(string origin)
    {
        var error = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() =>
            ApiHost.StartAsync(new ApiHostSettings { Signature = options => options.PublicOrigin = new Uri(origin, UriKind.RelativeOrAbsolute) }));

        Assert.Contains(nameof(SignatureOptions.PublicOrigin), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forwarded_fields_are_believed_only_where_the_host_says_so()
    {
        await using ApiHost plain = await ApiHost.StartAsync();
        await using ApiHost trusting = await ApiHost.StartAsync(new ApiHostSettings
        {
            Before = app => app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto }),
        });

        Assert.Equal("invalid_credential", (await plain.SendAsync(Forwarded(plain))).Code);
        Assert.Equal(200, (await trusting.SendAsync(Forwarded(trusting))).Status);
    }

    private static RequestDraft Forwarded(ApiHost host)
    {
        RequestDraft draft = host.Draft().With("X-Forwarded-Host", "api.example.com").With("X-Forwarded-Proto", "https");
        draft.SignedAuthority = "api.example.com";
        draft.Scheme = "https";
        draft.Covered = "\"@method\" \"@target-uri\"";
        return draft;
    }
}
