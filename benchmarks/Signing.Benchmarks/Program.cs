using BenchmarkDotNet.Running;
using Signing.Benchmarks;
using Signing.Benchmarks.Quick;

if (args is ["--quick"])
{
    return QuickRun.Run();
}

BenchmarkSwitcher.FromAssembly(typeof(Workload).Assembly).Run(args);
return 0;
