using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;

namespace Signing.Benchmarks;

/// <summary>The MAC with the key's pooled state.</summary>
public class MacBenchmarks : FloorBenchmarks
{
    private readonly byte[] _mac = new byte[HmacSha256.MacSize];
    private readonly byte[] _expected;

    public MacBenchmarks() => _expected = HMACSHA256.HashData(Workload.SecretBytes, Workload.Base);

    [Benchmark(Description = "MAC: HmacSha256.Compute")]
    public byte Compute()
    {
        HmacSha256.Compute(Workload.Key, Workload.Base, _mac);
        return _mac[0];
    }

    [Benchmark(Description = "MAC: HmacSha256.Verify")]
    public bool Verify() => HmacSha256.Verify(Workload.Key, Workload.Base, _expected);
}
