#if !DEBUG // Code that is not optimised boxes generic structs, which is not what users run.
using Signing.Tests.Support;

namespace Signing.Tests.Presigned;

[Collection(Alone.Name)]
public sealed class PresignedAllocationTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(ApiHost.Key)]
    [InlineData("a key \"in quotes\"")]
    public void Verifying_a_URL_allocates_nothing(string keyId)
    {
        using var key = new SigningKey(keyId, ApiHost.Secret);
        var verifier = new UrlVerifier(new VerificationPolicy(), new ManualTimeProvider(Now));
        var message = new UrlTable((new PresignedDraft("/reports/7.pdf?page=2&%71=1", Now) with { KeyId = keyId }).Signed);
        char[] buffer = new char[SignatureLimits.MaxKeyIdLength];
        var status = SignatureStatus.NotVerified;
        bool known = true;

        Assert.Equal(0, Allocation.OfWarmed(() =>
        {
            if (verifier.TryRead(message, out UrlSignature signature, out status))
            {
                known &= signature.GetKeyId(message, buffer).SequenceEqual(keyId);
                status = verifier.Verify(message, signature, new ReadOnlySpan<SigningKey>(in key), out _);
            }
        }));

        Assert.True(known);
        Assert.Equal(SignatureStatus.Verified, status);
    }

    [Theory]
    [InlineData("/a?b=1", SignatureStatus.MissingSignature)]
    [InlineData("/a?%73ignature=1", SignatureStatus.MalformedSignature)]
    [InlineData("/a?signature=1.2.key.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", SignatureStatus.ExpiredSignature)]
    public void Refusing_a_URL_allocates_nothing(string target, SignatureStatus expected)
    {
        var verifier = new UrlVerifier(new VerificationPolicy(), new ManualTimeProvider(Now));
        var message = new UrlTable(target);
        var refusal = SignatureStatus.NotVerified;

        Assert.Equal(0, Allocation.OfWarmed(() => verifier.TryRead(message, out _, out refusal)));

        Assert.Equal(expected, refusal);
    }

    private readonly struct UrlTable(string target) : ISignableMessage
    {
        public ReadOnlySpan<char> Method => "GET";

        public ReadOnlySpan<char> Scheme => "https";

        public ReadOnlySpan<char> Authority => "api.example.com";

        public ReadOnlySpan<char> RequestTarget => target;

        public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
        {
            count = 0;
            return default;
        }
    }
}
#endif
