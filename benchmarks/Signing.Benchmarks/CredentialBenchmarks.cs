using BenchmarkDotNet.Attributes;
using Signing.AspNetCore;

namespace Signing.Benchmarks;

/// <summary>Verifying with few and with many credentials in the file store, 0 bytes allocated.</summary>
[MemoryDiagnoser]
public class CredentialBenchmarks : IDisposable
{
    private const int Few = 10;
    private const int Many = 10_000;

    private readonly Workload _workload = new();
    private readonly StoredCallers _few;
    private readonly StoredCallers _many;
    private readonly StoredCallers _all;

    public CredentialBenchmarks()
    {
        _few = new StoredCallers(Few, Few, _workload);
        _many = new StoredCallers(Many, Few, _workload);
        _all = new StoredCallers(Many, Many, _workload);
    }

    [Benchmark(Baseline = true, Description = "verify: 10 callers, 10 credentials")]
    public CredentialStatus AmongFew() => _few.Verify();

    [Benchmark(Description = "verify: 10 callers, 10,000 credentials")]
    public CredentialStatus AmongMany() => _many.Verify();

    [Benchmark(Description = "verify: 10,000 callers in turn")]
    public CredentialStatus OfMany() => _all.Verify();

    public void Dispose()
    {
        _few.Dispose();
        _many.Dispose();
        _all.Dispose();
        _workload.Dispose();
        GC.SuppressFinalize(this);
    }
}
