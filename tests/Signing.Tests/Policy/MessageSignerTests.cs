using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Policy;

/// <summary>The signer as a program calls it that has its own buffers, and messages that others have signed before.</summary>
public sealed class MessageSignerTests
{
    private static readonly ReferenceRequest Plain = new("GET", "https", "api.example.com", "/orders?page=2", [], []);
    private static readonly MessageSigner Signer = new(new SigningPolicy(), new ManualTimeProvider());

    [Fact]
    public void A_signature_fits_where_it_ends_and_not_in_one_character_less()
    {
        (string input, string signature, _) = Sign(Plain, 4096, 4096);
        (string exactInput, string exactSignature, SignatureStatus refusal) = Sign(Plain, input.Length, signature.Length);

        Assert.Equal((input.Length, signature.Length, SignatureStatus.NotVerified), (exactInput.Length, exactSignature.Length, refusal));
        Assert.EndsWith("=:", exactSignature, StringComparison.Ordinal);
        Assert.Equal(("", "", SignatureStatus.TooLarge), Sign(Plain, input.Length - 1, signature.Length));
        Assert.Equal(("", "", SignatureStatus.TooLarge), Sign(Plain, input.Length, signature.Length - 1));
        Assert.Equal(("", "", SignatureStatus.TooLarge), Sign(Plain, 0, 0));
    }

    [Theory]
    [InlineData(1, "sig2")]
    [InlineData(8, "sig9")]
    [InlineData(15, "sig16")]
    [InlineData(16, null)]
    public void A_label_that_is_taken_gets_a_number_until_there_are_too_many_labels(int taken, string? label)
    {
        var members = Enumerable.Range(1, taken).Select(i => $"{Signer.Policy.Label}{(i == 1 ? "" : i)}=()");
        (string input, string signature, SignatureStatus refusal) = Sign(Plain.With("Signature-Input", string.Join(", ", members)), 4096, 4096);

        Assert.Equal(label is null ? SignatureStatus.TooLarge : SignatureStatus.NotVerified, refusal);
        Assert.StartsWith(label is null ? "" : $"{label}=(", input, StringComparison.Ordinal);
        Assert.StartsWith(label is null ? "" : $"{label}=:", signature, StringComparison.Ordinal);
    }

    // RFC 9421 §7.2.6: as many components as a verifier reads, and not one more.
    [Theory]
    [InlineData(15, 12, SignatureStatus.NotVerified)]
    [InlineData(15, 13, SignatureStatus.TooLarge)]
    [InlineData(2, 26, SignatureStatus.TooLarge)]
    public void Earlier_signatures_are_covered_while_there_is_room_for_them(int earlier, int fields, SignatureStatus expected)
    {
        var signer = new MessageSigner(new SigningPolicy { Components = ["@method", "@authority", "@path", "@query", "@scheme", .. Enumerable.Range(1, fields).Select(i => $"x{i}")], CoverIfPresent = [], CoverSignatures = true });
        var request = Enumerable.Range(1, fields).Aggregate(Plain, (request, i) => request.With($"X{i}", "1"));
        string[] labels = [.. Enumerable.Range(0, earlier).Select(i => $"an-earlier-signature-of-somebody-{i}")];
        request = request.With("Signature-Input", string.Join(", ", labels.Select(label => label + "=()"))).With("Signature", string.Join(", ", labels.Select(label => label + "=:AA==:")));

        (string input, _, SignatureStatus refusal) = Sign(request, 4096, 4096, signer);

        Assert.Equal(expected, refusal);
        Assert.Equal(expected == SignatureStatus.NotVerified, labels.All(label => input.Contains($"\"signature\";key=\"{label}\"", StringComparison.Ordinal)));
    }

    private static (string Input, string Signature, SignatureStatus Refusal) Sign(ReferenceRequest request, int inputLength, int signatureLength, MessageSigner? signer = null)
    {
        using var key = new SigningKey("key", "a secret that is long enough");
        char[] input = new char[inputLength];
        char[] signature = new char[signatureLength];
        bool isSigned = (signer ?? Signer).TrySign(new ReferenceMessage(request), key, input, signature, out int inputWritten, out int signatureWritten, out SignatureStatus refusal);
        Assert.Equal(isSigned, refusal == SignatureStatus.NotVerified);
        return (new string(input, 0, inputWritten), new string(signature, 0, signatureWritten), refusal);
    }
}
