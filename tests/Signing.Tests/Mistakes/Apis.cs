using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

/// <summary>The same API behind each of its doors: two keys of two tenants, a revoked one, and everything else as it comes.</summary>
public class Apis : IAsyncLifetime
{
    public const string OtherKey = "key-two";
    public const string OtherSecret = "the secret of key two, of another tenant";
    public const string RevokedKey = "key-revoked";

    private readonly ApiHostSettings _settings;
    private Api[] _each = [];

    public Apis()
        : this(new ApiHostSettings())
    {
    }

    /// <summary>Prepares APIs with what a test changes; the door is not the test's to choose.</summary>
    protected Apis(ApiHostSettings settings) => _settings = settings;

    /// <summary>Prepares APIs with another policy.</summary>
    protected Apis(VerificationPolicy policy)
        : this(new ApiHostSettings { Signature = options => options.Policy = policy })
    {
    }

    /// <summary>Gets both doors over both versions of HTTP.</summary>
    public IReadOnlyList<Api> Each => _each[..4];

    /// <summary>Gets both doors over both versions of HTTP, for requests that no client would send.</summary>
    public IReadOnlyList<Api> EachRaw => [.. _each[..2], .. _each[4..]];

    /// <summary>Gets both doors over HTTP/1.1, for what HTTP/2 does not have.</summary>
    public IReadOnlyList<Api> OverHttp1 => _each[..2];

    /// <summary>Gets both doors over HTTP/2, in raw frames.</summary>
    public IReadOnlyList<Api> OverHttp2Frames => _each[4..];

    /// <summary>Starts APIs for one test alone.</summary>
    public static async Task<Apis> StartAsync(VerificationPolicy policy)
    {
        var apis = new Apis(policy);
        await apis.InitializeAsync();
        return apis;
    }

    /// <inheritdoc cref="StartAsync(VerificationPolicy)"/>
    public static async Task<Apis> StartAsync(ApiHostSettings settings)
    {
        var apis = new Apis(settings);
        await apis.InitializeAsync();
        return apis;
    }

    public async ValueTask InitializeAsync()
    {
        ApiHost[] hosts = await Task.WhenAll(StartAsync(Door.Scheme), StartAsync(Door.Middleware));
        _each = [.. Enum.GetValues<Wire>().SelectMany(wire => hosts.Select(host => new Api(host, wire)))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Api api in OverHttp1)
        {
            await api.Host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private async Task<ApiHost> StartAsync(Door door)
    {
        ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Signature = _settings.Signature,
            Kestrel = _settings.Kestrel,
            // Thousands of requests would fill the book with Kestrel's diary; what a test looks for is louder.
            Build = builder => builder.Logging.SetMinimumLevel(LogLevel.Warning),
        });

        // A replay store that has just started refuses the past; these have stood for a while.
        host.Clock.Advance(TimeSpan.FromHours(1));
        host.Credentials.Set(new Credential(OtherKey, new CredentialSecret(new SigningKey(OtherKey, OtherSecret))));
        host.Credentials.Set(new Credential(RevokedKey));
        return host;
    }
}
