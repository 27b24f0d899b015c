using System.Globalization;
using System.Net;
using Signing.Benchmarks.Quick;
using Signing.Client;

namespace Signing.Benchmarks.Peers;

/// <summary>Prints what verifying and signing cost beside other libraries, on the same message, in one run.</summary>
internal static class PeersRun
{
    private const int AllocationCalls = 1_000;
    private static readonly Uri Address = new("https://api.example.com/v1/orders?currency=EUR&limit=50");

    /// <returns>0 if every bar is met, otherwise 1.</returns>
    public static async Task<int> RunAsync()
    {
        using var verify = new VerifyBenchmarks();
        using var workload = new Workload();
        var tutorial = new TutorialVerifier(new Dictionary<string, string>(StringComparer.Ordinal) { [Workload.KeyId] = Workload.Secret });
        Dictionary<string, string> fields = new(workload.SignedFields, StringComparer.Ordinal);
        using var signing = new HttpMessageInvoker(new MessageSigningHandler(new MessageSigningOptions { Key = Workload.KeyId, Secret = Workload.Secret }, new AnsweringHandler()));
        var sigV4 = new SigV4();
        if (!Tutorial() || Sign(null) != (int)HttpStatusCode.NoContent || sigV4.Sign(workload.Body) == 0)
        {
            throw new InvalidOperationException($"A peer does not do what it is measured by: the tutorial's way {Tutorial()}, the client {Sign(null)}, SigV4 {sigV4.Sign(workload.Body)}.");
        }

        Action[] operations =
        [
            () => verify.ReusedKeyedHash(),
            () => verify.VerifyKnownKey(),
            () => Tutorial(),
            () => Sign(null),
            () => sigV4.Sign(null),
            () => Sign(workload.Body),
            () => sigV4.Sign(workload.Body),
        ];
        double[][] times = Rounds.Time(operations);
        IReadOnlyDictionary<string, double> node = await NodePeers.MeasureAsync(workload);
        double verified = Rounds.Median(times[1]);
        Console.WriteLine("| verify: the same POST, six components | median, ns | ours = 1 | allocated |");
        Console.WriteLine("|---|--:|--:|--:|");
        Print("floor: the reused keyed hash alone", times[0], times[1], operations[0]);
        Print("Signing", times[1], times[1], operations[1]);
        Print("as tutorials do it, with HMACSHA256.HashData", times[2], times[1], operations[2]);
        foreach ((string name, double time) in node)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| npm: {name} | {time:N0} | {time / verified:0.0} | |"));
        }

        Console.WriteLine();
        Console.WriteLine("| sign: a whole request of a client | median, ns | ours = 1 | allocated |");
        Console.WriteLine("|---|--:|--:|--:|");
        Print("Signing.Client, GET", times[3], times[3], operations[3]);
        Print("AWSSDK.Core's AWS4Signer, GET", times[4], times[3], operations[4]);
        Print("Signing.Client, POST with 1 KB that is hashed", times[5], times[5], operations[5]);
        Print("AWSSDK.Core's AWS4Signer, POST with 1 KB that is hashed", times[6], times[5], operations[6]);
        Console.WriteLine();
        List<Bar> bars =
        [
            new("GET signed: AWS4Signer / Signing.Client", Rounds.Ratio(times[4], times[3]), 1, IsMinimum: true),
            new("POST signed: AWS4Signer / Signing.Client", Rounds.Ratio(times[6], times[5]), 1, IsMinimum: true),
            new("GET signed, bytes: AWS4Signer / Signing.Client", BytesOf(operations[4]) / (double)BytesOf(operations[3]), 1, IsMinimum: true),
            new("POST signed, bytes: AWS4Signer / Signing.Client", BytesOf(operations[6]) / (double)BytesOf(operations[5]), 1, IsMinimum: true),
        ];
        if (node.TryGetValue("http-message-signatures", out double peer))
        {
            bars.Add(new("verified: npm http-message-signatures / Signing", peer / verified, 20, IsMinimum: true));
        }

        bars.ForEach(bar => Console.WriteLine(bar));
        return bars.All(bar => bar.IsMet) ? 0 : 1;

        bool Tutorial() => tutorial.Verify("POST", "/v1/orders/741", "?limit=50", "api.example.com", fields);

        int Sign(byte[]? content)
        {
            using var request = new HttpRequestMessage(content is null ? HttpMethod.Get : HttpMethod.Post, Address);
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            request.Content = content is null ? null : new ByteArrayContent(content);
            using HttpResponseMessage response = signing.Send(request, CancellationToken.None);
            return (int)response.StatusCode;
        }
    }

    private static void Print(string name, double[] times, double[] ours, Action operation) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {name} | {Rounds.Median(times):N0} | {Rounds.Ratio(times, ours):0.00} | {BytesOf(operation):N0} B |"));

    private static long BytesOf(Action operation)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < AllocationCalls; i++)
        {
            operation();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / AllocationCalls;
    }
}
