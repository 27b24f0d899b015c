using BenchmarkDotNet.Attributes;
using Signing.Client;

namespace Signing.Benchmarks;

/// <summary>A caller's access token while it is fresh: getting it, 0 bytes allocated, and what it adds to a request.</summary>
[MemoryDiagnoser]
public class ClientTokenBenchmarks : IDisposable
{
    private static readonly Uri Address = new("https://api.example.com" + Workload.GetTarget);

    private readonly AccessTokenSource _source = new(Options(), new IssuingHandler());
    private readonly HttpMessageInvoker _bare = new(new AnsweringHandler());
    private readonly HttpMessageInvoker _withToken;

    public ClientTokenBenchmarks()
    {
        _withToken = new HttpMessageInvoker(new AccessTokenHandler(_source, new AnsweringHandler()));
        _source.GetAsync().AsTask().GetAwaiter().GetResult();
    }

    [Benchmark(Baseline = true, Description = "client: a request without a token")]
    public int Bare() => Send(_bare);

    [Benchmark(Description = "client: AccessTokenHandler")]
    public int WithToken() => Send(_withToken);

    [Benchmark(Description = "client: AccessTokenSource.GetAsync")]
    public AccessToken Get()
    {
        ValueTask<AccessToken> token = _source.GetAsync();
        return token.IsCompletedSuccessfully ? token.Result : throw new InvalidOperationException("The token is not in memory.");
    }

    public void Dispose()
    {
        _bare.Dispose();
        _withToken.Dispose();
        _source.Dispose();
        GC.SuppressFinalize(this);
    }

    private static int Send(HttpMessageInvoker invoker)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        using HttpResponseMessage response = invoker.SendAsync(request, CancellationToken.None).GetAwaiter().GetResult();
        return (int)response.StatusCode;
    }

    private static AccessTokenOptions Options()
    {
        var options = new AccessTokenOptions { Key = Workload.KeyId, Secret = Workload.Secret };
        (options.Endpoints.Login, options.Endpoints.Refresh, options.Endpoints.Token, options.Endpoints.Revoke) =
            (Absolute("login"), Absolute("refresh"), Absolute("token"), Absolute("revoke"));
        options.Header.Origins = ["https://api.example.com"];
        return options;
    }

    private static Uri Absolute(string route) => new("https://api.example.com/auth/" + route);
}
