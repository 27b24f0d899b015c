using BenchmarkDotNet.Attributes;

namespace Signing.Benchmarks;

/// <summary>Signing the same request into spans, with created, keyid, nonce and alg.</summary>
public class SignBenchmarks : FloorBenchmarks
{
    private const int MaxLine = 1024;
    private readonly char[] _input = new char[MaxLine];
    private readonly char[] _signature = new char[MaxLine];

    [Benchmark(Description = "sign: TrySign")]
    public bool Sign()
    {
        CanonicalRequest request = Workload.Unsigned;
        return Workload.Signer.TrySign(in request, Workload.Key, _input, _signature, out _, out _, out _);
    }
}
