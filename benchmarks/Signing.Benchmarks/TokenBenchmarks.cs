using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Signing.AspNetCore;

namespace Signing.Benchmarks;

/// <summary>An access token on each request: format, MAC, expiry, grant and credential, all in memory, 0 bytes allocated.</summary>
[MemoryDiagnoser]
public class TokenBenchmarks : IDisposable
{
    private const string Key = "key_live_4fzRr0LAxYp1kQ7bTn2wVd";

    // What the MAC of an access token covers: sgn_access_ and 28 bytes.
    private readonly byte[] _covered = new byte[11 + 28];
    private readonly byte[] _mac = new byte[HmacSha256.MacSize];
    private readonly IncrementalHash _reused;
    private readonly ServiceProvider _services;
    private readonly ConfigurationCredentialSource _credentials;
    private readonly TokenKeys _keys;
    private readonly TokenVerifier _verifier;
    private readonly string _token;
    private readonly string _forged;

    public TokenBenchmarks()
    {
        _reused = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, RandomNumberGenerator.GetBytes(HmacSha256.MacSize));
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        _credentials = new ConfigurationCredentialSource(new ConfigurationBuilder().AddInMemoryCollection(Credentials()).Build());
        var options = new TokenOptions { Issuer = new Uri("https://api.example.com/auth"), AccessLifetime = TimeSpan.FromDays(1) };
        var store = new InMemoryGrantStore();
        var metrics = new TokenMetrics(_services.GetRequiredService<IMeterFactory>());
        _keys = new TokenKeys(store, new EphemeralDataProtectionProvider(), options, TimeProvider.System, NullLogger.Instance);
        _keys.LoadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        _verifier = new TokenVerifier(options, store, _keys, _credentials, TimeProvider.System, metrics, NullLogger.Instance);
        var issuer = new TokenIssuer(options, store, _keys, _verifier, TimeProvider.System, metrics, NullLogger.Instance);
        _credentials.TryGetCached(Key, out Credential? client);
        for (int i = 0; i < 10_000; i++)
        {
            _token = issuer.LogInAsync(new LogIn(client!, []), CancellationToken.None).AsTask().GetAwaiter().GetResult().AccessToken!;
        }

        _forged = _token![..^1] + (_token[^1] == 'A' ? 'B' : 'A');
        if (Verify() != TokenStatus.Valid || VerifyForged() != TokenStatus.TamperedToken)
        {
            throw new InvalidOperationException("The token is not judged as it should be.");
        }
    }

    [Benchmark(Baseline = true, Description = "floor: reused keyed hash over the token's bytes")]
    public int ReusedKeyedHash()
    {
        _reused.AppendData(_covered);
        return _reused.GetHashAndReset(_mac);
    }

    [Benchmark(Description = "token: VerifyAccess")]
    public TokenStatus Verify() => Verify(_token);

    [Benchmark(Description = "token: a forged one is refused")]
    public TokenStatus VerifyForged() => Verify(_forged);

    public void Dispose()
    {
        _reused.Dispose();
        _keys.Dispose();
        _credentials.Dispose();
        _services.Dispose();
        GC.SuppressFinalize(this);
    }

    private TokenStatus Verify(string token)
    {
        ValueTask<TokenVerdict> verdict = _verifier.VerifyAccessAsync(token, CancellationToken.None);
        return verdict.IsCompletedSuccessfully ? verdict.GetAwaiter().GetResult().Status : TokenStatus.None;
    }

    private static IEnumerable<KeyValuePair<string, string?>> Credentials()
    {
        for (int i = 0; i < 1000; i++)
        {
            yield return new($"Signing:Credentials:{i}:Key", i == 0 ? Key : $"key_live_{i}");
            yield return new($"Signing:Credentials:{i}:Secret", $"a secret of more than sixteen bytes {i}");
        }
    }
}
