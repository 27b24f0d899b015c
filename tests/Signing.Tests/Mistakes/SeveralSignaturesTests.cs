using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "18")]
public sealed class SeveralSignaturesTests(Apis apis, SeveralSignaturesTests.TaggedApis tagged) : MistakeTests(apis), IClassFixture<SeveralSignaturesTests.TaggedApis>
{
    private const string Default = "\"@method\" \"@authority\" \"@path\" \"@query\"";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Protocol", "V3")]
    public async Task A_broken_signature_of_a_key_does_not_spoil_its_good_one(bool goodFirst)
    {
        foreach (Api api in Apis.Each)
        {
            await api.AcceptsAsync(Together(goodFirst, Own(api), Broken(Own(api))));
            await api.RefusesAsync(Together(goodFirst, Broken(Own(api)), Broken(Own(api))), "invalid_credential");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Protocol", "V3")]
    public async Task An_attacker_with_a_key_is_himself_and_never_the_victim_beside_him(bool attackerFirst)
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft attacker = Other(api);
            await api.AcceptsAsync(Together(attackerFirst, attacker, Broken(Own(api))), Apis.OtherKey);
        }
    }

    [Theory]
    [InlineData("key of nobody", false)]
    [InlineData("key of nobody", true)]
    [InlineData("revoked key", false)]
    [InlineData("revoked key", true)]
    [InlineData("wrong MAC", false)]
    [InlineData("wrong MAC", true)]
    [Trait("Protocol", "V3")]
    public async Task A_foreign_broken_signature_denies_nobody(string foreign, bool ownFirst)
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft stranger = Broken(foreign == "wrong MAC" ? Other(api) : Own(api));
            if (foreign != "wrong MAC")
            {
                stranger.KeyId = foreign == "revoked key" ? Apis.RevokedKey : "nobody";
            }

            await api.AcceptsAsync(Together(ownFirst, Own(api), stranger));
        }
    }

    [Theory]
    [InlineData("f=()", "f=:AAAA:")]
    [InlineData("f=();created=1;keyid=\"k\";alg=\"ed25519\"", "f=:AAAA:")]
    [InlineData("f=(\"@method\" \"@method\")", "f=:AAAA:")]
    [InlineData("f=(\"@nobody-knows\";x=1)", "f=:AAAA:")]
    [InlineData("f=(\"x-absent\");created=\"never\"", "f=:AAAA:")]
    [InlineData("f=(tok 1 ?1)", "f=:AAAA:")]
    [InlineData("f=1", "f=:AAAA:")]
    [InlineData("f", "f=:AAAA:")]
    [InlineData("f=\"string\"", "f=:AAAA:")]
    [InlineData("f=(\"@method\")", "f=tok")]
    [InlineData("f=(\"@method\")", "f=(1 2)")]
    [InlineData("f=(\"@method\")", "f")]
    [InlineData("f=(\"@method\")", "f=::")]
    [InlineData("f=();created=1, g=();created=2, h=()", "f=:AA==:, g=:AA==:, h=:AA==:")]
    [Trait("Protocol", "V3")]
    [Trait("Protocol", "W3")]
    public async Task A_foreign_signature_that_is_none_of_ours_denies_nobody(string input, string signature)
    {
        foreach (Api api in Apis.Each)
        {
            foreach (bool first in (bool[])[false, true])
            {
                RequestDraft own = Own(api);
                own.SentInput = first ? $"{input}, sig1={own.SignatureParams}" : $"sig1={own.SignatureParams}, {input}";
                own.SentSignature = first ? $"sig1=:{own.Mac()}:, {signature}" : $"{signature}, sig1=:{own.Mac()}:";
                await api.AcceptsAsync(own);
            }
        }
    }

    [Theory]
    [InlineData(2, ":AAAA:")]
    [InlineData(15, ":AAAA:")]
    [InlineData(3, "token")]
    [InlineData(3, "(:AAAA:)")]
    [Trait("Protocol", "V3")]
    public async Task Foreign_signatures_that_fit_the_policy_take_no_place_without_a_MAC_of_its_size(int strangers, string value)
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft own = Own(api);
            RequestDraft[] all = [.. Enumerable.Range(0, strangers).Select(_ => Stranger(api)), own];
            own.SentInput = string.Join(", ", all.Select((draft, i) => $"s{i}={draft.SignatureParams}"));
            own.SentSignature = string.Join(", ", all.Select((draft, i) => draft == own ? $"s{i}=:{draft.Mac()}:" : $"s{i}={value}"));
            await api.AcceptsAsync(own);
        }
    }

    [Fact]
    [Trait("Protocol", "V3")]
    public async Task Of_many_signatures_that_fit_the_policy_two_keys_are_looked_up()
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft[] strangers = [.. Enumerable.Range(0, 15).Select(_ => Stranger(api))];
            int lookUps = api.Host.Credentials.LookUps;
            await api.RefusesAsync(Together(false, Own(api), strangers), "invalid_credential");
            Assert.Equal(lookUps + 2, api.Host.Credentials.LookUps);
            await api.AcceptsAsync(Together(false, Own(api), strangers[..1]));
        }
    }

    [Fact]
    [Trait("Protocol", "V3")]
    [Trait("Protocol", "W6")]
    public async Task A_tag_finds_the_own_signature_among_fifteen_others()
    {
        foreach (Api api in tagged.Each)
        {
            RequestDraft own = Tagged(api, "app");
            RequestDraft[] strangers = [.. Enumerable.Range(0, 15).Select(_ => Stranger(api))];
            await api.AcceptsAsync(Together(false, own, strangers));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(";tag=\"other\"")]
    [InlineData(";tag=\"App\"")]
    [InlineData(";tag=\"app \"")]
    [InlineData(";tag=\"\"")]
    [InlineData(";tag=\"ap\"")]
    [InlineData(";app=\"tag\"")]
    [Trait("Protocol", "V1")]
    public async Task A_signature_with_another_tag_or_none_is_somebody_else_s(string parameter)
    {
        foreach (Api api in tagged.Each)
        {
            RequestDraft draft = Own(api);
            draft.MoreParameters = parameter;
            RawAnswer answer = await api.SendAsync(draft);
            Assert.Equal((401, "missing_signature"), (answer.Status, answer.Code));
            await api.AcceptsAsync(Tagged(api, "app"));
        }
    }

    [Fact]
    public Task Another_tag_means_nothing_to_a_policy_without_one() =>
        ProveAsync("invalid_credential", draft => draft.Secret = Apis.OtherSecret, api => Tagged(api, "other"));

    private static RequestDraft Own(Api api) => api.Draft();

    private static RequestDraft Other(Api api)
    {
        RequestDraft draft = api.Draft();
        (draft.KeyId, draft.Secret) = (Apis.OtherKey, Apis.OtherSecret);
        return draft;
    }

    private static RequestDraft Stranger(Api api)
    {
        RequestDraft draft = api.Draft();
        draft.KeyId = "stranger-" + draft.Nonce;
        return draft;
    }

    private static RequestDraft Tagged(Api api, string tag)
    {
        RequestDraft draft = api.Draft();
        draft.Covered = Default;
        draft.MoreParameters = $";tag=\"{tag}\"";
        return draft;
    }

    private static RequestDraft Broken(RequestDraft draft)
    {
        draft.Secret = "not the secret of this key at all";
        return draft;
    }

    // One request with the signatures of several drafts that differ in nothing else.
    private static RequestDraft Together(bool first, RequestDraft one, params RequestDraft[] others)
    {
        RequestDraft[] all = first ? [one, .. others] : [.. others, one];
        RequestDraft request = all[0];
        string input = string.Join(", ", all.Select((draft, i) => $"s{i}={draft.SignatureParams}"));
        string signature = string.Join(", ", all.Select((draft, i) => $"s{i}=:{draft.Mac()}:"));
        (request.SentInput, request.SentSignature) = (input, signature);
        return request;
    }

    /// <summary>APIs that look for signatures with a tag.</summary>
    public sealed class TaggedApis() : Apis(new VerificationPolicy { Tag = "app" });
}
