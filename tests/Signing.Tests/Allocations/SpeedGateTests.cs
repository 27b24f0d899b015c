#if !DEBUG // Users run optimised code.
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Signing.Tests.Support;

namespace Signing.Tests.Allocations;

/// <summary>A gate against slips by a factor of two, and no measurement: the benchmarks measure.</summary>
[Collection(Alone.Name)]
public sealed class SpeedGateTests : IDisposable
{
    // The benchmarks say 1.6; what a busy machine adds falls on both sides of the ratio, and the best of many batches counts.
    private const double Limit = 2.8;
    private const int Batches = 200;
    private const int Calls = 200;

    private const string Secret = "a secret of more than 16 bytes";

    private static readonly (string Name, string Value)[] Fields =
    [
        ("content-type", "application/json"),
        ("content-digest", "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"),
    ];

    private readonly SigningKey _key = new("key_test_1", Secret);
    private readonly MessageVerifier _verifier = new(new VerificationPolicy());

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Verifying_takes_less_than_three_times_the_bare_hash_over_the_same_base()
    {
        FieldTable received = Sign();
        Assert.True(_verifier.TryRead(received, out SignatureCandidates read, out _));
        byte[] signatureBase = Encoding.ASCII.GetBytes(_verifier.GetSignatureBase(received, read[0])!);
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(Secret));
        byte[] mac = new byte[HmacSha256.MacSize];
        var status = SignatureStatus.NotVerified;

        TimeSpan bare = TimeSpan.MaxValue;
        TimeSpan verified = TimeSpan.MaxValue;
        for (int batch = 0; batch < Batches; batch++)
        {
            bare = Least(bare, () =>
            {
                hash.AppendData(signatureBase);
                hash.GetHashAndReset(mac);
            });
            verified = Least(verified, () => status = _verifier.TryRead(received, out SignatureCandidates candidates, out _)
                ? _verifier.Verify(received, candidates[0], _key, out _)
                : SignatureStatus.NotVerified);
        }

        Assert.Equal(SignatureStatus.Verified, status);
        string figures = $"{verified / bare:F2} times the bare hash over {signatureBase.Length} bytes";
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(verified < bare * Limit, figures);
    }

    private static TimeSpan Least(TimeSpan least, Action operation)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Calls; i++)
        {
            operation();
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return elapsed < least ? elapsed : least;
    }

    private FieldTable Sign()
    {
        char[] input = new char[1024];
        char[] signature = new char[96];
        Assert.True(new MessageSigner(new SigningPolicy()).TrySign(new FieldTable(Fields), _key, input, signature, out int inputLength, out int signatureLength, out _));
        return new FieldTable([.. Fields, ("signature-input", new string(input, 0, inputLength)), ("signature", new string(signature, 0, signatureLength))]);
    }
}
#endif
