using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;

namespace Signing.Tests.Support;

/// <summary>What a test changes about its API.</summary>
public sealed class ApiHostSettings
{
    public Door Door { get; init; } = Door.Middleware;

    /// <summary>Adds authorization to the middleware's pipeline too, where WebApplication then authenticates first by itself.</summary>
    public bool Authorize { get; init; }

    public string Environment { get; init; } = "Production";

    public ManualTimeProvider Clock { get; init; } = new();

    /// <summary>Lets the clock pass the floor of the replay store, which stands a skew after the start.</summary>
    public bool PastTheFloor { get; init; } = true;

    public Action<SignatureOptions> Signature { get; init; } = static _ => { };

    public LogLevel MinimumLogLevel { get; init; } = LogLevel.Trace;

    /// <summary>Runs before the scheme is added.</summary>
    public Action<WebApplicationBuilder> Build { get; init; } = static _ => { };

    /// <summary>Runs after the scheme is added, to add others.</summary>
    public Action<AuthenticationBuilder> Schemes { get; init; } = static _ => { };

    public Action<KestrelServerOptions> Kestrel { get; init; } = static _ => { };

    /// <summary>Runs before the door.</summary>
    public Action<WebApplication> Before { get; init; } = static _ => { };

    /// <summary>Runs after the door, before the endpoints.</summary>
    public Action<WebApplication> After { get; init; } = static _ => { };

    /// <summary>Adds endpoints to those of <see cref="ApiHost"/>.</summary>
    public Action<WebApplication> Map { get; init; } = static _ => { };

    /// <summary>Reads credentials from <c>Signing:Credentials</c> instead of <see cref="ApiHost.Credentials"/>.</summary>
    public bool CredentialsFromConfiguration { get; init; }
}
