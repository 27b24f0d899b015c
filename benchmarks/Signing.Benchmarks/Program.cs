using BenchmarkDotNet.Running;
using Signing.Benchmarks;
using Signing.Benchmarks.Claims;
using Signing.Benchmarks.Growth;
using Signing.Benchmarks.Load;
using Signing.Benchmarks.Peers;
using Signing.Benchmarks.Quick;
using Signing.Benchmarks.ReplayStore;

switch (args)
{
    case ["--quick"]:
        return QuickRun.Run();
    case ["--replay"]:
        return ReplayStoreRun.Run();
    case ["--claims"] or ["--claims", "--connection", _]:
        return await ClaimsRun.RunAsync(args.ElementAtOrDefault(2));
    case ["--peers"]:
        return await PeersRun.RunAsync();
    case ["--growth", string folder]:
        return GrowthRun.Run(folder);
    case ["--load"]:
        return await LoadRun.RunAsync();
    case ["--serve", string door]:
        return await LoadServer.RunAsync(LoadDoor.All.Single(known => known.Name == door));
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Workload).Assembly).Run(args);
        return 0;
}
