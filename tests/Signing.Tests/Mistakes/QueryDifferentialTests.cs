using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "7")]
public sealed class QueryDifferentialTests(Apis apis, QueryDifferentialTests.AmountApis amount) : MistakeTests(apis), IClassFixture<QueryDifferentialTests.AmountApis>
{
    private const string Amount = "\"@query-param\";name=\"amount\"";

    [Theory]
    [InlineData("/pay?amount=1", "/pay?amount=1000")]
    [InlineData("/pay?amount=1", "/pay?amount=1&admin=1")]
    [InlineData("/pay?amount=1", "/pay?admin=1&amount=1")]
    [InlineData("/pay?amount=1", "/pay?amount=1&")]
    [InlineData("/pay?amount=1", "/pay?&amount=1")]
    [InlineData("/pay?amount=1", "/pay?Amount=1")]
    [InlineData("/pay?amount=1", "/pay?am%6funt=1")]
    [InlineData("/pay?amount=1", "/pay?amount=%31")]
    [InlineData("/pay?amount=1", "/pay")]
    [InlineData("/pay", "/pay?amount=1")]
    [InlineData("/pay?a=1&b=2", "/pay?b=2&a=1")]
    [InlineData("/pay?q=a+b", "/pay?q=a%20b")]
    [InlineData("/pay?q=%c3%a9", "/pay?q=%C3%A9")]
    public Task A_query_is_not_the_signed_one_unless_every_byte_of_it_is(string signed, string sent) => ProveAsync(
        Apis.EachRaw,
        "invalid_credential",
        draft => (draft.Target, draft.SignedTarget) = (sent, signed),
        api => api.Draft("GET", signed));

    [Fact]
    [Trait("Protocol", "V1")]
    public Task One_covered_parameter_is_not_the_covered_query() => ProveAsync(
        "insufficient_coverage",
        draft =>
        {
            draft.Covered = $"\"@method\" \"@authority\" \"@path\" {Amount}";
            draft.Values[Amount] = "1";
        },
        api => api.Draft("GET", "/pay?amount=1"));

    [Theory]
    [InlineData("amount=1&amount=1000")]
    [InlineData("amount=1000&amount=1")]
    [InlineData("amount=1&amount=1")]
    [InlineData("amount=1&am%6funt=1000")]
    [InlineData("am%6Funt=1000&amount=1")]
    [InlineData("amount=1&amount")]
    [InlineData("a=1")]
    [InlineData("Amount=1")]
    [InlineData("xamount=1")]
    [InlineData("amount+=1")]
    [InlineData("amount%00=1")]
    [InlineData("")]
    [Trait("Protocol", "C8")]
    public async Task A_covered_parameter_that_is_absent_or_repeated_has_no_value(string query)
    {
        foreach (Api api in amount.EachRaw)
        {
            await api.RefusesAsync(Draft(api, query, "1"), "missing_component");
            await api.AcceptsAsync(Draft(api, "amount=1", "1"));
        }
    }

    [Theory]
    [InlineData("amount=1000", "1")]
    [InlineData("amount=1+", "1")]
    [InlineData("amount=%201", "1")]
    [InlineData("amount=1%00", "1")]
    [InlineData("amount=1;amount=2", "1")]
    [InlineData("amount==1", "1")]
    public async Task A_covered_parameter_with_another_value_is_refused(string query, string signed)
    {
        foreach (Api api in amount.EachRaw)
        {
            await api.RefusesAsync(Draft(api, query, signed), "invalid_credential");
            await api.AcceptsAsync(Draft(api, "amount=" + signed, signed));
        }
    }

    [Theory]
    [InlineData("amount=1", "1")]
    [InlineData("am%6funt=1", "1")]
    [InlineData("x=2&amount=1&y", "1")]
    [InlineData("amount", "")]
    [InlineData("amount=", "")]
    [InlineData("amount=a+b", "a%20b")]
    [InlineData("amount=a%20b", "a%20b")]
    [InlineData("amount=~", "%7E")]
    [InlineData("amount=*", "*")]
    [InlineData("amount=%2A", "*")]
    [InlineData("amount='!()", "%27%21%28%29")]
    [InlineData("amount=%c3%a9", "%C3%A9")]
    [InlineData("amount=a=b", "a%3Db")]
    [InlineData("amount=1;x=2", "1%3Bx%3D2")]
    [InlineData("amount=%zz", "%25zz")]
    public async Task A_covered_parameter_is_read_as_a_form_and_written_in_one_way(string query, string value)
    {
        foreach (Api api in amount.EachRaw)
        {
            await api.AcceptsAsync(Draft(api, query, value));
        }
    }

    [Fact]
    public async Task Parameters_of_other_names_may_be_covered_beside_it()
    {
        foreach (Api api in amount.EachRaw)
        {
            RequestDraft draft = Draft(api, "amount=1&Pet=dog&pet=cat", "1");
            draft.Covered += " \"@query-param\";name=\"Pet\" \"@query-param\";name=\"pet\"";
            draft.Values["\"@query-param\";name=\"Pet\""] = "dog";
            draft.Values["\"@query-param\";name=\"pet\""] = "cat";
            await api.AcceptsAsync(draft);
        }
    }

    private static RequestDraft Draft(Api api, string query, string value)
    {
        RequestDraft draft = api.Draft("GET", "/pay?" + query);
        draft.Covered = $"\"@method\" \"@authority\" \"@path\" {Amount}";
        draft.Values[Amount] = value;
        return draft;
    }

    /// <summary>APIs that want one parameter covered instead of the query.</summary>
    public sealed class AmountApis() : Apis(new VerificationPolicy { RequiredComponents = ["@method", "@authority", "@path", Amount] });
}
