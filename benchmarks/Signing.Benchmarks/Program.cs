using BenchmarkDotNet.Running;
using Signing.Benchmarks;
using Signing.Benchmarks.Quick;
using Signing.Benchmarks.ReplayStore;

if (args is ["--quick"])
{
    return QuickRun.Run();
}

if (args is ["--replay"])
{
    return ReplayStoreRun.Run();
}

BenchmarkSwitcher.FromAssembly(typeof(Workload).Assembly).Run(args);
return 0;
