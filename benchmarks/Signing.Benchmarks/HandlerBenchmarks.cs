using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Signing.Benchmarks.Server;
using Signing.Client;

namespace Signing.Benchmarks;

/// <summary>What a signature costs a whole request: at either door of the server, and in the client's handler.</summary>
/// <remarks>Each server row makes its own request and context, as the first row does; subtract that one.</remarks>
[MemoryDiagnoser]
public class HandlerBenchmarks : IDisposable
{
    private static readonly Uri Address = new("https://api.example.com" + Workload.GetTarget);

    private readonly Workload _workload = new();
    private readonly Pipeline _anonymous;
    private readonly Pipeline _middleware;
    private readonly Pipeline _scheme;
    private readonly HttpMessageInvoker _unsigned = new(new AnsweringHandler());
    private readonly HttpMessageInvoker _signed;

    public HandlerBenchmarks()
    {
        _anonymous = new Pipeline(_workload, static _ => { });
        _middleware = new Pipeline(_workload, static app => app.UseMessageSignature());
        _scheme = new Pipeline(_workload, static app => app.UseAuthentication());
        _signed = new HttpMessageInvoker(new MessageSigningHandler(new MessageSigningOptions { Key = Workload.KeyId, Secret = Workload.Secret }, new AnsweringHandler()));
        if (Anonymous() != 204 || Middleware() != 200 || Scheme() != 200)
        {
            throw new InvalidOperationException($"The doors answer {Anonymous()}, {Middleware()} and {Scheme()} instead of 204, 200 and 200.");
        }
    }

    [Benchmark(Baseline = true, Description = "server: anonymous")]
    public int Anonymous() => _anonymous.Run();

    [Benchmark(Description = "server: UseMessageSignature")]
    public int Middleware() => _middleware.Run();

    [Benchmark(Description = "server: the Signature scheme")]
    public int Scheme() => _scheme.Run();

    [Benchmark(Description = "client: unsigned")]
    public int Unsigned() => Send(_unsigned);

    [Benchmark(Description = "client: MessageSigningHandler")]
    public int Signed() => Send(_signed);

    public void Dispose()
    {
        _anonymous.Dispose();
        _middleware.Dispose();
        _scheme.Dispose();
        _unsigned.Dispose();
        _signed.Dispose();
        _workload.Dispose();
        GC.SuppressFinalize(this);
    }

    private static int Send(HttpMessageInvoker invoker)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        using HttpResponseMessage response = invoker.Send(request, CancellationToken.None);
        return (int)response.StatusCode;
    }
}
