namespace Signing.Tests.Mistakes;

[Trait("Mistake", "2")]
public sealed class TruncatedMacTests(Apis apis) : MistakeTests(apis)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(31)]
    [Trait("Protocol", "B4")]
    public Task The_beginning_of_the_right_MAC_is_no_MAC(int bytes) => ProveAsync(
        "malformed_signature",
        draft => draft.SentSignature = $"sig1=:{Convert.ToBase64String(Convert.FromBase64String(draft.Mac())[..bytes])}:");

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [Trait("Protocol", "B4")]
    public Task The_right_MAC_with_bytes_behind_it_is_no_MAC(int bytes) => ProveAsync(
        "malformed_signature",
        draft => draft.SentSignature = $"sig1=:{Convert.ToBase64String([.. Convert.FromBase64String(draft.Mac()), .. new byte[bytes]])}:");

    [Fact]
    public Task Zeros_of_the_right_length_are_the_wrong_MAC() => ProveAsync(
        "invalid_credential",
        draft => draft.SentSignature = $"sig1=:{Convert.ToBase64String(new byte[32])}:");

    [Fact]
    public Task The_right_MAC_twice_is_no_MAC() => ProveAsync(
        "malformed_signature",
        draft => draft.SentSignature = $"sig1=:{draft.Mac()}::{draft.Mac()}:");
}
