using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "9")]
public sealed class AuthorityFromElsewhereTests(Apis apis) : MistakeTests(apis)
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1")]
    [InlineData("api.example.")]
    [InlineData("api.example:81")]
    [InlineData("api.example:443")]
    [InlineData("xapi.example")]
    public Task A_signature_for_one_host_is_none_for_another(string host) => ProveAsync(
        "invalid_credential",
        draft => (draft.Authority, draft.SignedAuthority) = (host, "api.example"),
        static api => To(api, "api.example"));

    [Theory]
    [InlineData("example.com/foo?param=Value&Pet=dog#")]
    [InlineData("user@api.example")]
    [InlineData("api.example, evil.example")]
    [InlineData("api.example evil.example")]
    [InlineData("")]
    public async Task What_is_no_host_is_refused_whatever_is_signed(string host)
    {
        foreach (Api api in Apis.EachRaw)
        {
            RequestDraft draft = To(api, host);
            draft.SignedAuthority = "api.example";
            await api.KeepsOutAsync(() => api.SendAsync(draft), "missing_component");
            await api.AcceptsAsync(To(api, "api.example"));
        }
    }

    [Fact]
    public async Task Two_Host_fields_are_refused()
    {
        foreach (Api api in Apis.OverHttp1)
        {
            await api.KeepsOutAsync(() => api.SendAsync(api.Draft().With("Host", "evil.example")));
        }
    }

    [Fact]
    [Trait("Protocol", "C7")]
    public async Task In_absolute_form_authority_path_and_query_are_those_of_the_target()
    {
        foreach (Api api in Apis.OverHttp1)
        {
            RequestDraft Absolute(string target) => new(method: "GET", target, body: null)
            {
                Authority = api.Host.Authority,
                Created = api.Host.Clock.GetUtcNow(),
                SignedTarget = "/orders?id=7",
            };
            await api.AcceptsAsync(Absolute($"http://{api.Host.Authority}/orders?id=7"));
            await api.RefusesAsync(Absolute($"http://{api.Host.Authority}/orders?id=8"), "invalid_credential");
            await api.RefusesAsync(Absolute($"http://{api.Host.Authority}/order?id=7"), "invalid_credential");
            await api.KeepsOutAsync(() => api.SendAsync(Absolute("http://evil.example/orders?id=7")));
            await api.RefusesAsync(Absolute($"http://user@{api.Host.Authority}/orders?id=7"), "missing_component");
        }
    }

    [Theory]
    [InlineData("X-Forwarded-Host", "api.example")]
    [InlineData("X-Original-Host", "api.example")]
    [InlineData("Forwarded", "host=api.example;proto=https")]
    [InlineData("X-Forwarded-Server", "api.example")]
    public async Task A_forwarding_field_that_nobody_was_told_to_trust_means_nothing(string name, string value)
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft lured = api.Draft().With(name, value);
            lured.SignedAuthority = "api.example";
            await api.RefusesAsync(lured, "invalid_credential");
            await api.AcceptsAsync(api.Draft().With(name, value));
        }
    }

    [Fact]
    public async Task A_Host_field_beside_the_authority_of_HTTP_2_does_not_replace_it()
    {
        foreach (Api api in Apis.OverHttp2Frames)
        {
            RequestDraft right = To(api, "api.example").With("Host", "evil.example");
            RequestDraft lured = To(api, "api.example").With("Host", "evil.example");
            lured.SignedAuthority = "evil.example";

            await api.RefusesAsync(lured, "invalid_credential");
            await api.AcceptsAsync(right);
        }
    }

    [Fact]
    public async Task Behind_a_gateway_the_configured_origin_is_the_only_authority()
    {
        await using Apis own = await Apis.StartAsync(new ApiHostSettings { Signature = options => options.PublicOrigin = new Uri("https://api.example/v1") });
        foreach (Api api in own.Each)
        {
            RequestDraft Behind(string authority, string prefix)
            {
                RequestDraft draft = api.Draft("GET", "/orders");
                (draft.SignedAuthority, draft.SignedTarget) = (authority, prefix + "/orders");
                return draft;
            }

            await api.AcceptsAsync(Behind("api.example", "/v1"));
            await api.RefusesAsync(Behind("api.example", ""), "invalid_credential");
            await api.RefusesAsync(Behind(api.Host.Authority, "/v1"), "invalid_credential");
        }
    }

    [Fact]
    public async Task The_scheme_is_that_of_the_connection()
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft draft = api.Draft();
            draft.Covered = "\"@method\" \"@target-uri\" \"@scheme\"";
            draft.Values["\"@scheme\""] = "https";
            await api.RefusesAsync(draft.With("X-Forwarded-Proto", "https"), "invalid_credential");
            draft.Values["\"@scheme\""] = "http";
            await api.AcceptsAsync(draft);
        }
    }

    private static RequestDraft To(Api api, string authority)
    {
        RequestDraft draft = api.Draft();
        draft.Authority = authority;
        return draft;
    }
}
