using BenchmarkDotNet.Attributes;

namespace Signing.Benchmarks;

/// <summary>Verifying: six components, six headers, one label, 0 bytes allocated.</summary>
public class VerifyBenchmarks : FloorBenchmarks
{
    private readonly SignatureCandidate _candidate;
    private readonly Dictionary<string, SigningKey>.AlternateLookup<ReadOnlySpan<char>> _keys;
    private readonly Dictionary<string, SigningKey>.AlternateLookup<ReadOnlySpan<char>> _otherKeys;

    public VerifyBenchmarks()
    {
        CanonicalRequest request = Workload.Signed;
        Workload.Verifier.TryRead(in request, out SignatureCandidates candidates, out _);
        _candidate = candidates[0];
        _keys = new Dictionary<string, SigningKey>(StringComparer.Ordinal) { [Workload.KeyId] = Workload.Key }.GetAlternateLookup<ReadOnlySpan<char>>();
        _otherKeys = new Dictionary<string, SigningKey>(StringComparer.Ordinal) { ["key_live_other"] = Workload.Key }.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    [Benchmark(Description = "parse: TryRead")]
    public bool Parse()
    {
        CanonicalRequest request = Workload.Signed;
        return Workload.Verifier.TryRead(in request, out _, out _);
    }

    [Benchmark(Description = "base: SignatureBase.Write")]
    public int Base()
    {
        CanonicalRequest request = Workload.Signed;
        var buffer = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        SignatureBase.Write(in request, _candidate.GetText(in request), _candidate.IsCanonical, Workload.Verifier.Policy.FieldTypes, ref buffer);
        int length = buffer.Written.Length;
        buffer.Dispose();
        return length;
    }

    [Benchmark(Description = "verify: TryRead, key look-up, Verify")]
    public SignatureStatus VerifyKnownKey() => Verify(_keys);

    [Benchmark(Description = "verify: an unknown key is refused")]
    public SignatureStatus VerifyUnknownKey() => Verify(_otherKeys);

    private SignatureStatus Verify(Dictionary<string, SigningKey>.AlternateLookup<ReadOnlySpan<char>> keys)
    {
        CanonicalRequest request = Workload.Signed;
        if (!Workload.Verifier.TryRead(in request, out SignatureCandidates candidates, out SignatureStatus refusal))
        {
            return refusal;
        }

        Span<char> buffer = stackalloc char[SignatureLimits.MaxKeyIdLength];
        ref readonly SignatureCandidate candidate = ref candidates[0];
        return keys.TryGetValue(candidate.GetKeyId(in request, buffer), out SigningKey? key)
            ? Workload.Verifier.Verify(in request, in candidate, key, out _)
            : SignatureStatus.InvalidCredential;
    }
}
