using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;

namespace Signing.Benchmarks;

/// <summary>The digest of a body, beside the bare hash over the same bytes.</summary>
[MemoryDiagnoser]
public class DigestBenchmarks : IDisposable
{
    private readonly Workload _workload = new();
    private readonly byte[] _hash = new byte[SHA256.HashSizeInBytes];
    private readonly char[] _field = new char[ContentDigest.MaxFieldLength];

    [Benchmark(Baseline = true, Description = "floor: SHA256.HashData, 1 KiB")]
    public int HashData() => SHA256.HashData(_workload.Body, _hash);

    [Benchmark(Description = "digest: read the field, hash 1 KiB, compare")]
    public SignatureStatus Verify()
    {
        CanonicalRequest request = _workload.Signed;
        ContentDigest.TryRead(in request, out ExpectedDigest expected, out _);
        using ContentHasher hasher = ContentHasher.Rent(expected.Algorithms);
        hasher.Append(_workload.Body);
        return hasher.Verify(in expected);
    }

    [Benchmark(Description = "digest: hash 1 KiB, write the field")]
    public bool Write() => ContentDigest.TryWrite(_workload.Body, DigestAlgorithms.Sha256, _field, out _);

    public void Dispose()
    {
        _workload.Dispose();
        GC.SuppressFinalize(this);
    }
}
