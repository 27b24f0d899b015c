using System.Security.Cryptography;

namespace Signing.Benchmarks.Quick;

/// <summary>Prints each bar as a ratio measured in this run, in well under a minute.</summary>
internal static class QuickRun
{
    private const int AllocationCalls = 1_000;

    /// <returns>0 if every bar is met, otherwise 1.</returns>
    public static int Run()
    {
        using var mac = new MacBenchmarks();
        using var verify = new VerifyBenchmarks();
        using var sign = new SignBenchmarks();
        using var digest = new DigestBenchmarks();
        using var handler = new HandlerBenchmarks();
        using var token = new TokenBenchmarks();
        using var credential = new CredentialBenchmarks();
        Action[] operations =
        [
            () => verify.ReusedKeyedHash(),
            () => verify.HashData(),
            () => mac.Verify(),
            () => verify.VerifyKnownKey(),
            () => verify.VerifyUnknownKey(),
            () => sign.Sign(),
            () => verify.Parse(),
            () => verify.Base(),
            () => digest.HashData(),
            () => digest.Verify(),
        ];
        double[][] times = Rounds.Time(operations);
        Action[] requests = [() => handler.Anonymous(), () => handler.Middleware(), () => handler.Scheme(), () => handler.Unsigned(), () => handler.Signed()];
        double[][] requestTimes = Rounds.Time(requests);
        Action[] tokens = [() => token.ReusedKeyedHash(), () => token.Verify(), () => token.VerifyForged()];
        double[][] tokenTimes = Rounds.Time(tokens);
        Action[] credentials = [() => credential.AmongFew(), () => credential.AmongMany(), () => credential.OfMany()];
        double[][] credentialTimes = Rounds.Time(credentials);
        (double[] reused, double[] oneShot, double[] pooled, double[] verified, double[] unknown) = (times[0], times[1], times[2], times[3], times[4]);
        Bar[] bars =
        [
            new("verify / reused keyed hash over the same base", Rounds.Ratio(verified, reused), 1.65, Bytes: BytesOf(operations[3])),
            new("verify / HMACSHA256.HashData over the same base", Rounds.Ratio(verified, oneShot), 0.9),
            new("unknown key refused / verify", Rounds.Ratio(unknown, verified), 0.25, Bytes: BytesOf(operations[4])),
            new("sign into spans / reused keyed hash", Rounds.Ratio(times[5], reused), 1.3, Bytes: BytesOf(operations[5])),
            new("access token verified / reused keyed hash over the same bytes", Rounds.Ratio(tokenTimes[1], tokenTimes[0]), 1.65, Bytes: BytesOf(tokens[1])),
            new("verify with 10,000 stored credentials / with 10", Rounds.Ratio(credentialTimes[1], credentialTimes[0]), 1.1, Bytes: BytesOf(credentials[1])),
            new("two threads, one key: scaling / raw hash per thread", Scaling(), 0.9, IsMinimum: true),
        ];

        Console.WriteLine($"signature base: {verify.BaseLength} bytes; {Environment.ProcessorCount} processors; medians, in ns:");
        Print("floor: reused keyed hash", reused, reused);
        Print("floor: HMACSHA256.HashData", oneShot, reused);
        Print("MAC: HmacSha256.Verify", pooled, reused);
        Print("parse: TryRead", times[6], reused);
        Print("base: SignatureBase.Write", times[7], reused);
        Print("verify", verified, reused);
        Print("unknown key refused", unknown, reused);
        Print("sign", times[5], reused);
        PrintAdded("server: UseMessageSignature adds", requestTimes[1], requestTimes[0], reused, BytesOf(requests[1]) - BytesOf(requests[0]));
        PrintAdded("server: the Signature scheme adds", requestTimes[2], requestTimes[0], reused, BytesOf(requests[2]) - BytesOf(requests[0]));
        PrintAdded("client: MessageSigningHandler adds", requestTimes[4], requestTimes[3], reused, BytesOf(requests[4]) - BytesOf(requests[3]));
        Print("floor: reused keyed hash, 39 bytes", tokenTimes[0], tokenTimes[0]);
        Print("token: access token verified", tokenTimes[1], tokenTimes[0]);
        Print("token: forged token refused", tokenTimes[2], tokenTimes[0]);
        Print("verify: 10 stored credentials", credentialTimes[0], credentialTimes[0]);
        Print("verify: 10,000, of which 10 call", credentialTimes[1], credentialTimes[0]);
        Print("verify: 10,000 that call in turn", credentialTimes[2], credentialTimes[0]);
        Print("floor: SHA256.HashData, 1 KiB", times[8], times[8]);
        Print("digest: read, hash 1 KiB, compare", times[9], times[8]);
        Console.WriteLine();
        Array.ForEach(bars, bar => Console.WriteLine(bar));
        return bars.All(bar => bar.IsMet) ? 0 : 1;
    }

    private static void Print(string name, double[] times, double[] floor)
        => Console.WriteLine($"  {name,-36} {Rounds.Median(times),8:0}  {Rounds.Ratio(times, floor),5:0.00} x");

    private static void PrintAdded(string name, double[] times, double[] without, double[] floor, long bytes)
    {
        double added = Rounds.Median(times) - Rounds.Median(without);
        Console.WriteLine($"  {name,-36} {added,8:0}  {added / Rounds.Median(floor),5:0.00} x  {bytes} B");
    }

    private static double Scaling()
    {
        using var workload = new Workload();
        byte[] expected = HMACSHA256.HashData(workload.SecretBytes, workload.Base);
        return TwoThreads.RelativeScaling(
            () =>
            {
                IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, workload.SecretBytes);
                byte[] mac = new byte[HmacSha256.MacSize];
                return () =>
                {
                    hash.AppendData(workload.Base);
                    hash.GetHashAndReset(mac);
                };
            },
            () => () => HmacSha256.Verify(workload.Key, workload.Base, expected));
    }

    // Called often enough before that it is warm again: the tables between may have taken its keyed states.
    private static long BytesOf(Action operation)
    {
        Rounds.TimeBatch(operation, AllocationCalls);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Rounds.TimeBatch(operation, AllocationCalls);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / AllocationCalls;
    }
}
