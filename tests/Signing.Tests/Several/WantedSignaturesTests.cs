using Signing.Tests.Support;

namespace Signing.Tests.Several;

/// <summary>What the refusal of an endpoint for several parties asks for: RFC 9421 §5.</summary>
public sealed class WantedSignaturesTests
{
    private const string Usual = "\"@method\" \"@authority\" \"@path\" \"@query\"";

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Each_signature_that_is_required_is_a_member_with_its_tag_and_a_label_of_its_own(Door door)
    {
        await using SeveralHost host = await SeveralHost.StartAsync(door);

        RawAnswer all = await host.SendAsync(host.Caller("/all"));
        RawAnswer any = await host.SendAsync(host.Api.Draft("GET", "/any"));

        Assert.Equal(
            [$"sig=({Usual});created;alg=\"hmac-sha256\";tag=\"caller\"", $"sig2=({Usual});created;alg=\"hmac-sha256\";tag=\"gateway\""],
            all.All("Accept-Signature"));
        Assert.Equal(all.All("Accept-Signature"), any.All("Accept-Signature"));
    }

    [Fact]
    public async Task A_chain_asks_for_a_second_signature_that_covers_the_first_by_its_label()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Scheme);

        RawAnswer answer = await host.SendAsync(host.Gateway(host.Caller("/chain"), covers: false));

        Assert.Equal(
            [$"sig=({Usual});created;alg=\"hmac-sha256\";tag=\"caller\"", $"sig2=({Usual} \"signature\";key=\"sig\");created;alg=\"hmac-sha256\";tag=\"gateway\""],
            answer.All("Accept-Signature"));
    }

    [Fact]
    public async Task A_refusal_that_no_other_coverage_would_mend_asks_for_nothing()
    {
        await using SeveralHost host = await SeveralHost.StartAsync(Door.Scheme);
        RequestDraft wrong = host.Gateway(host.Caller("/chain"));
        wrong.Secret = "not the secret of the gateway at all";

        RawAnswer answer = await host.SendAsync(wrong);

        Assert.Equal("invalid_credential", answer.Code);
        Assert.Empty(answer.All("Accept-Signature"));
    }
}
