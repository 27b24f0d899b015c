using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "13")]
public sealed class DuplicateLabelTests(Apis apis) : MistakeTests(apis)
{
    [Theory]
    [InlineData("sig1=();created=1;keyid=\"k\"", false)]
    [InlineData("sig1=();created=1;keyid=\"k\"", true)]
    [InlineData("sig1=(\"@method\");created=1;keyid=\"k\"", true)]
    [InlineData("sig1", true)]
    [Trait("Protocol", "W1")]
    public async Task A_label_that_stands_twice_is_refused_whichever_is_the_strong_one(string weak, bool weakFirst)
    {
        foreach (Api api in Apis.EachRaw)
        {
            (RequestDraft joined, string strong) = Draft(api);
            joined.SentInput = weakFirst ? $"{weak}, {strong}" : $"{strong}, {weak}";
            await api.RefusesAsync(joined, "malformed_signature_input");

            (RequestDraft split, strong) = Draft(api);
            split.SentInput = weakFirst ? strong : weak;
            await api.RefusesAsync(split.With("Signature-Input", weakFirst ? weak : strong), "malformed_signature_input");
            await api.AcceptsAsync(api.Draft());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Protocol", "W1")]
    public async Task A_MAC_that_stands_twice_is_refused_whichever_is_the_right_one(bool rightFirst)
    {
        foreach (Api api in Apis.EachRaw)
        {
            string wrong = $"sig1=:{Convert.ToBase64String(new byte[32])}:";
            RequestDraft joined = api.Draft();
            string right = $"sig1=:{joined.Mac()}:";
            joined.SentSignature = rightFirst ? $"{right}, {wrong}" : $"{wrong}, {right}";
            await api.RefusesAsync(joined, "malformed_signature");

            RequestDraft split = api.Draft();
            right = $"sig1=:{split.Mac()}:";
            split.SentSignature = rightFirst ? wrong : right;
            await api.RefusesAsync(split.With("Signature", rightFirst ? right : wrong), "malformed_signature");

            RequestDraft same = api.Draft();
            right = $"sig1=:{same.Mac()}:";
            same.SentSignature = $"{right}, {right}";
            await api.RefusesAsync(same, "malformed_signature");
            await api.AcceptsAsync(api.Draft());
        }
    }

    [Fact]
    [Trait("Protocol", "W1")]
    public Task A_label_of_Signature_Input_alone_is_refused() =>
        ProveAsync("malformed_signature", draft => draft.SentInput = $"sig1={draft.SignatureParams}, sig2=();created=1;keyid=\"k\"");

    [Fact]
    [Trait("Protocol", "W1")]
    public Task A_label_of_Signature_alone_is_refused() =>
        ProveAsync("malformed_signature", draft => draft.SentSignature = $"sig1=:{draft.Mac()}:, sig2=:AAAA:");

    [Theory]
    [InlineData("Sig1", "malformed_signature")]
    [InlineData("sig2", "malformed_signature")]
    [InlineData("sig", "malformed_signature")]
    [InlineData("sig11", "malformed_signature")]
    [Trait("Protocol", "W1")]
    public Task Two_labels_that_differ_at_all_are_two(string label, string code) =>
        ProveAsync(code, draft => draft.SentSignature = $"{label}=:{draft.Mac()}:");

    [Theory]
    [InlineData("Signature", "malformed_signature")]
    [InlineData("Signature-Input", "malformed_signature_input")]
    [Trait("Protocol", "W1")]
    public async Task One_field_without_the_other_is_half_a_signature(string missing, string code)
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft draft = api.Draft();
            foreach ((string name, string value) in draft.AllFields().Where(field => field.Name != missing))
            {
                draft.With(name, value);
            }

            draft.Signed = false;
            await api.RefusesAsync(draft, code);
            await api.AcceptsAsync(api.Draft());
        }
    }

    private static (RequestDraft Draft, string Strong) Draft(Api api)
    {
        RequestDraft draft = api.Draft();
        return (draft, $"sig1={draft.SignatureParams}");
    }
}
