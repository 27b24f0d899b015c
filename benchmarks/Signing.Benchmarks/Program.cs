using BenchmarkDotNet.Running;
using Signing.Benchmarks;
using Signing.Benchmarks.Claims;
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

if (args is ["--claims"] or ["--claims", "--connection", _])
{
    return await ClaimsRun.RunAsync(args.ElementAtOrDefault(2));
}

BenchmarkSwitcher.FromAssembly(typeof(Workload).Assembly).Run(args);
return 0;
