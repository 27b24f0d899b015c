using System.Text;
using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "4")]
public sealed class ComponentMatchedByNameTests(Apis apis) : MistakeTests(apis)
{
    [Theory]
    [InlineData("\"@method\"", "GET")]
    [InlineData("\"@authority\"", "127.0.0.1")]
    [InlineData("\"@path\"", "/orders")]
    [InlineData("\"@query\"", "?id=7")]
    [Trait("Protocol", "C5")]
    [Trait("Protocol", "F3")]
    public Task A_component_of_the_request_of_a_response_is_not_that_of_this_request(string component, string value) => ProveAsync(
        "unsupported_component",
        draft =>
        {
            draft.Covered = Default.Replace(component, component + ";req", StringComparison.Ordinal);
            draft.Values[component + ";req"] = value;
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Protocol", "F3")]
    [Trait("Protocol", "F9")]
    [Trait("Protocol", "W5")]
    public async Task A_digest_in_a_trailer_is_not_the_digest_of_the_header(bool digestInHeaderToo)
    {
        byte[] evil = "amount=1000"u8.ToArray();
        byte[] good = "amount=1"u8.ToArray();
        foreach (Api api in Apis.OverHttp1)
        {
            RequestDraft draft = api.Draft("POST", "/pay", evil);
            draft.WithDigest = false;
            draft.ChunkBytes = 4;
            draft.Covered = $"{Default} \"content-digest\";tr";
            draft.Values["\"content-digest\";tr"] = RequestDraft.DigestOf(good);
            if (digestInHeaderToo)
            {
                draft.With("Content-Digest", RequestDraft.DigestOf(evil));
            }

            await api.RefusesAsync(() => api.Host.SendAsync(WithTrailer(draft, "Content-Digest", RequestDraft.DigestOf(good))), "unsupported_component");
            RequestDraft honest = api.Draft("POST", "/pay", good);
            honest.ChunkBytes = 4;
            await api.AcceptsAsync(honest);
        }
    }

    [Fact]
    [Trait("Protocol", "F3")]
    [Trait("Protocol", "F9")]
    [Trait("Protocol", "W5")]
    public async Task A_field_that_comes_as_a_trailer_is_absent_from_the_header()
    {
        foreach (Api api in Apis.OverHttp1)
        {
            RequestDraft draft = api.Draft("POST", "/pay", "amount=1"u8.ToArray());
            draft.ChunkBytes = 4;
            draft.Covered = $"{Default} \"content-digest\" \"x-late\"";
            draft.Values["\"x-late\""] = "1";
            await api.RefusesAsync(() => api.Host.SendAsync(WithTrailer(draft, "X-Late", "1")), "missing_component");
            await api.AcceptsAsync(draft.With("X-Late", "1"));
        }
    }

    [Theory]
    [InlineData("\"x-a\";bs", ":MQ==:")]
    [InlineData("\"x-a\";sf", "1")]
    [InlineData("\"x-a\";key=\"a\"", "1")]
    [Trait("Protocol", "V1")]
    public async Task A_required_field_with_a_parameter_is_another_component(string component, string value)
    {
        await using Apis own = await Apis.StartAsync(new VerificationPolicy
        {
            RequiredComponents = ["@method", "@authority", "@path", "@query", "x-a"],
            FieldTypes = new Dictionary<string, FieldType>(StringComparer.Ordinal) { ["x-a"] = FieldType.Dictionary },
        });
        foreach (Api api in own.Each)
        {
            RequestDraft draft = api.Draft().With("X-A", "a=1");
            draft.Covered = $"{Default} {component}";
            draft.Values[component] = value;
            await api.RefusesAsync(draft, "insufficient_coverage");
            draft.Covered += " \"x-a\"";
            draft.Values[component] = component.EndsWith("bs", StringComparison.Ordinal) ? ":YT0x:" : component.EndsWith("sf", StringComparison.Ordinal) ? "a=1" : "1";
            await api.AcceptsAsync(draft);
        }
    }

    [Theory]
    [InlineData("\"@query-param\";name=\"id\"", "\"@query-param\";name=\"no\"")]
    [InlineData("\"x-a\";key=\"id\"", "\"x-a\";key=\"no\"")]
    [InlineData("\"x-a\";key=\"id\"", "\"x-a\"")]
    [InlineData("\"x-a\";bs", "\"x-a\"")]
    [Trait("Protocol", "V1")]
    public async Task A_required_component_is_met_only_with_its_own_parameters(string required, string covered)
    {
        await using Apis own = await Apis.StartAsync(new VerificationPolicy
        {
            RequiredComponents = ["@method", "@authority", "@path", required],
            FieldTypes = new Dictionary<string, FieldType>(StringComparer.Ordinal) { ["x-a"] = FieldType.Dictionary },
        });
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["\"@query-param\";name=\"id\""] = "7",
            ["\"@query-param\";name=\"no\""] = "8",
            ["\"x-a\";key=\"id\""] = "7",
            ["\"x-a\";key=\"no\""] = "8",
            ["\"x-a\";bs"] = ":aWQ9Nywgbm89OA==:",
            ["\"x-a\""] = "id=7, no=8",
        };
        foreach (Api api in own.Each)
        {
            RequestDraft draft = api.Draft("GET", "/orders?id=7&no=8").With("X-A", "id=7, no=8");
            draft.Covered = $"\"@method\" \"@authority\" \"@path\" {covered}";
            draft.Values[covered] = values[covered];
            await api.RefusesAsync(draft, "insufficient_coverage");
            draft.Covered += " " + required;
            draft.Values[required] = values[required];
            await api.AcceptsAsync(draft);
        }
    }

    private const string Default = "\"@method\" \"@authority\" \"@path\" \"@query\"";

    private static byte[] WithTrailer(RequestDraft draft, string name, string value) =>
        [.. draft.ToHttp1()[..^2], .. Encoding.ASCII.GetBytes($"{name}: {value}\r\n\r\n")];
}
