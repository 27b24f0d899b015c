using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

[Trait("Mistake", "16")]
public sealed class NonceAndReplayTests(Apis apis) : MistakeTests(apis)
{
    [Fact]
    [Trait("Protocol", "P5")]
    public async Task A_garbage_MAC_burns_no_nonce_the_genuine_request_passes_and_its_replay_does_not()
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft genuine = api.Post();
            string mac = genuine.Mac();
            genuine.SentSignature = $"sig1=:{Convert.ToBase64String(new byte[32])}:";
            await api.RefusesAsync(genuine, "invalid_credential");
            genuine.SentSignature = $"sig1=:{mac}:";
            await api.AcceptsAsync(genuine);
            await api.RefusesAsync(genuine, "replayed");
        }
    }

    [Fact]
    public async Task A_body_that_is_not_the_signed_one_burns_nothing_either()
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft genuine = api.Post();
            byte[] body = genuine.Body!;
            genuine.With("Content-Digest", RequestDraft.DigestOf(body));
            genuine.Body = "amount=1000"u8.ToArray();
            await api.RefusesAsync(genuine, "digest_mismatch");
            genuine.Body = body;
            await api.AcceptsAsync(genuine);
        }
    }

    [Fact]
    public async Task Of_fifty_copies_at_once_exactly_one_passes()
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft draft = api.Post();
            RawAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => api.SendAsync(draft)));
            Assert.Single(answers, answer => answer.Status == 200);
            Assert.Equal(49, answers.Count(answer => (answer.Status, answer.Code) == (401, "replayed")));
        }
    }

    [Theory]
    [InlineData("label")]
    [InlineData("spaces")]
    [InlineData("padding")]
    [InlineData("field that is not covered")]
    [InlineData("parameter of the MAC")]
    public async Task A_replay_in_other_clothes_is_a_replay(string clothes)
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft draft = api.Draft();
            await api.AcceptsAsync(draft);
            string input = draft.SignatureParams;
            string mac = draft.Mac();
            switch (clothes)
            {
                case "label":
                    draft.SentInput = $"other={input}";
                    draft.SentSignature = $"other=:{mac}:";
                    break;
                case "spaces":
                    draft.SentInput = $"sig1={input.Replace(" ", "   ", StringComparison.Ordinal)}";
                    break;
                case "padding":
                    draft.SentSignature = $"sig1=:{mac.TrimEnd('=')}:";
                    break;
                case "parameter of the MAC":
                    draft.SentSignature = $"sig1=:{mac}:;x=1";
                    break;
                default:
                    draft.With("X-Free", "1");
                    break;
            }

            await api.RefusesAsync(draft, "replayed");
        }
    }

    [Fact]
    public async Task The_same_nonce_under_another_key_or_in_another_request_is_independent()
    {
        foreach (Api api in Apis.Each)
        {
            string nonce = Guid.NewGuid().ToString("N");
            RequestDraft Draft(string key, string secret, string target)
            {
                RequestDraft draft = api.Draft("GET", target);
                (draft.Nonce, draft.KeyId, draft.Secret) = (nonce, key, secret);
                return draft;
            }

            await api.AcceptsAsync(Draft(ApiHost.Key, ApiHost.Secret, "/orders"));
            await api.AcceptsAsync(Draft(Apis.OtherKey, Apis.OtherSecret, "/orders"), Apis.OtherKey);
            await api.AcceptsAsync(Draft(ApiHost.Key, ApiHost.Secret, "/others"));
            await api.RefusesAsync(Draft(ApiHost.Key, ApiHost.Secret, "/orders"), "replayed");
            await api.RefusesAsync(Draft(Apis.OtherKey, Apis.OtherSecret, "/orders"), "replayed");
        }
    }

    [Fact]
    [Trait("Protocol", "V1")]
    public async Task A_nonce_that_is_required_is_required()
    {
        await using Apis own = await Apis.StartAsync(new VerificationPolicy { RequiredParameters = SignatureParameterNames.Nonce });
        foreach (Api api in own.Each)
        {
            RequestDraft without = api.Draft();
            without.Nonce = null;
            await api.RefusesAsync(without, "missing_parameter");
            await api.AcceptsAsync(api.Draft());
        }
    }

    [Fact]
    public async Task Without_a_nonce_two_equal_requests_of_one_second_are_one()
    {
        foreach (Api api in Apis.Each)
        {
            RequestDraft draft = api.Draft("GET", "/" + Guid.NewGuid());
            draft.Nonce = null;
            await api.AcceptsAsync(draft);
            await api.RefusesAsync(draft, "replayed");
            draft.Created = draft.Created.AddSeconds(-1);
            await api.AcceptsAsync(draft);
        }
    }
}
