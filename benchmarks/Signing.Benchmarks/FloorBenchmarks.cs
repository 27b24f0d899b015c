using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;

namespace Signing.Benchmarks;

/// <summary>The hash alone, over the signature base of the request: what no signing or verifying can be faster than.</summary>
[MemoryDiagnoser]
public abstract class FloorBenchmarks : IDisposable
{
    private readonly IncrementalHash _reused;
    private readonly byte[] _mac = new byte[HmacSha256.MacSize];

    protected FloorBenchmarks()
    {
        _reused = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Workload.SecretBytes);
    }

    public int BaseLength => Workload.Base.Length;

    private protected Workload Workload { get; } = new();

    [Benchmark(Baseline = true, Description = "floor: reused keyed hash")]
    public int ReusedKeyedHash()
    {
        _reused.AppendData(Workload.Base);
        return _reused.GetHashAndReset(_mac);
    }

    [Benchmark(Description = "floor: HMACSHA256.HashData")]
    public int HashData() => HMACSHA256.HashData(Workload.SecretBytes, Workload.Base, _mac);

    public void Dispose()
    {
        _reused.Dispose();
        Workload.Dispose();
        GC.SuppressFinalize(this);
    }
}
