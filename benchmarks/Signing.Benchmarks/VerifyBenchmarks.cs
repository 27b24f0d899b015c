using BenchmarkDotNet.Attributes;

namespace Signing.Benchmarks;

/// <summary>Verifying: six components, six headers, one label, 0 bytes allocated.</summary>
public class VerifyBenchmarks : FloorBenchmarks
{
    // Has verified nothing, so it knows no list of components by heart.
    private readonly MessageVerifier _fresh = new(Workload.Policy);
    private readonly SignatureCandidate _candidate;
    private readonly Dictionary<string, SigningKey>.AlternateLookup<ReadOnlySpan<char>> _keys;
    private readonly Dictionary<string, SigningKey>.AlternateLookup<ReadOnlySpan<char>> _otherKeys;

    public VerifyBenchmarks()
    {
        _keys = new Dictionary<string, SigningKey>(StringComparer.Ordinal) { [Workload.KeyId] = Workload.Key }.GetAlternateLookup<ReadOnlySpan<char>>();
        _otherKeys = new Dictionary<string, SigningKey>(StringComparer.Ordinal) { ["key_live_other"] = Workload.Key }.GetAlternateLookup<ReadOnlySpan<char>>();
        if (Verify(_keys) != SignatureStatus.Verified)
        {
            throw new InvalidOperationException("The request does not verify.");
        }

        CanonicalRequest request = Workload.Signed;
        Workload.Verifier.TryRead(in request, out SignatureCandidates candidates, out _);
        _candidate = candidates[0];
    }

    [Benchmark(Description = "parse: TryRead")]
    public bool Parse() => Parse(Workload.Verifier);

    [Benchmark(Description = "parse: TryRead, components never seen")]
    public bool ParseFirst() => Parse(_fresh);

    [Benchmark(Description = "base: SignatureBase.Write")]
    public int Base()
    {
        CanonicalRequest request = Workload.Signed;
        ReadOnlySpan<char> text = _candidate.GetText(in request);
        var buffer = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        SignatureBase.Write(in request, Workload.Verifier.Known.Match(text, _candidate.Known)!, text, ref buffer);
        int length = buffer.Written.Length;
        buffer.Dispose();
        return length;
    }

    [Benchmark(Description = "base: SignatureBase.Write, components never seen")]
    public int BaseFirst()
    {
        CanonicalRequest request = Workload.Signed;
        var buffer = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        SignatureBase.Write(in request, _candidate.GetText(in request), _candidate.IsCanonical, Workload.Policy.FieldTypes, ref buffer);
        int length = buffer.Written.Length;
        buffer.Dispose();
        return length;
    }

    [Benchmark(Description = "verify: TryRead, key look-up, Verify")]
    public SignatureStatus VerifyKnownKey() => Verify(_keys);

    [Benchmark(Description = "verify: an unknown key is refused")]
    public SignatureStatus VerifyUnknownKey() => Verify(_otherKeys);

    private bool Parse(MessageVerifier verifier)
    {
        CanonicalRequest request = Workload.Signed;
        return verifier.TryRead(in request, out _, out _);
    }

    private SignatureStatus Verify(Dictionary<string, SigningKey>.AlternateLookup<ReadOnlySpan<char>> keys)
    {
        CanonicalRequest request = Workload.Signed;
        if (!Workload.Verifier.TryRead(in request, out SignatureCandidates candidates, out SignatureStatus refusal))
        {
            return refusal;
        }

        Span<char> buffer = stackalloc char[SignatureLimits.MaxKeyIdLength];
        ref readonly SignatureCandidate candidate = ref candidates[0];

        // As the server does: a message without a base is told so whether there is such a key or not.
        return keys.TryGetValue(candidate.GetKeyId(in request, buffer), out SigningKey? key)
            ? Workload.Verifier.Verify(in request, in candidate, key, out _)
            : Workload.Verifier.Verify(in request, in candidate, [], out _, out _);
    }
}
