using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "8")]
public sealed class PathDifferentialTests(Apis apis) : MistakeTests(apis)
{
    // Left and right are one path to a router that decodes, resolves or folds; to a signature they are two.
    public static TheoryData<string, string> Pairs => new()
    {
        { "/foo", "/f%6fo" },
        { "/foo", "/x/../foo" },
        { "/foo", "/./foo" },
        { "/foo", "//foo" },
        { "/foo", "/foo/" },
        { "/foo", "/FOO" },
        { "/foo", "/foo/." },
        { "/foo", "/%66oo" },
        { "/admin", "/a/../admin" },
        { "/admin", "/a/%2e%2e/admin" },
        { "/files/../admin", "/files%2F..%2Fadmin" },
        { "/a%2Fb", "/a/b" },
        { "/a%2fb", "/a%2Fb" },
        { "/a%252Fb", "/a%2Fb" },
        { "/p", "//evil.example/p" },
        { "/p", "/p;v=1" },
        { "/a%20b", "/a+b" },
        { "/", "/index" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_path_is_not_the_signed_one_unless_every_byte_of_it_is(string one, string other)
    {
        foreach (Api api in Apis.EachRaw)
        {
            await RefusedAsync(api, one, other);
            await RefusedAsync(api, other, one);
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    [Trait("Protocol", "C7")]
    public async Task A_path_is_verified_as_it_was_sent_and_not_as_it_was_routed(string one, string other)
    {
        foreach (Api api in Apis.EachRaw)
        {
            await api.AcceptsAsync(api.Draft("GET", one));
            await api.AcceptsAsync(api.Draft("GET", other));
        }
    }

    [Theory]
    [InlineData("/orders?x#f")]
    [InlineData("/orders#f")]
    [InlineData("/orders#f?x")]
    [Trait("Protocol", "D1")]
    public Task A_fragment_is_no_part_of_a_target_and_makes_it_unsignable(string target) =>
        ProveAsync(Apis.OverHttp1, "missing_component", draft => draft.Target = target);

    [Theory]
    [InlineData("/caf\u00e9")]
    [InlineData("/a\u0001b")]
    [InlineData("/a\u007fb")]
    [Trait("Protocol", "D1")]
    public async Task A_target_with_more_than_printable_characters_does_not_get_in(string target)
    {
        foreach (Api api in Apis.EachRaw)
        {
            RequestDraft draft = api.Draft("GET", target);
            await api.KeepsOutAsync(() => api.SendAsync(draft), "missing_component");
        }
    }

    [Fact]
    public async Task The_asterisk_is_not_the_root()
    {
        const string More = "\"@method\" \"@authority\" \"@path\" \"@query\" \"@request-target\"";
        foreach (Api api in Apis.EachRaw)
        {
            RequestDraft asterisk = api.Draft("OPTIONS", "*");
            asterisk.SignedTarget = "/";
            await api.RefusesAsync(asterisk, "insufficient_coverage");

            RequestDraft covered = api.Draft("OPTIONS", "*");
            covered.Covered = More;
            covered.Values["\"@path\""] = "/";
            RawAnswer answer = await api.SendAsync(covered);
            Assert.NotEqual(401, answer.Status);

            RequestDraft root = api.Draft("OPTIONS", "/");
            root.Covered = More;
            root.Values["\"@request-target\""] = "*";
            await api.RefusesAsync(root, "invalid_credential");
        }
    }

    private static async Task RefusedAsync(Api api, string signed, string sent)
    {
        RequestDraft draft = api.Draft("GET", sent);
        draft.SignedTarget = signed;
        await api.RefusesAsync(draft, "invalid_credential");
    }
}
