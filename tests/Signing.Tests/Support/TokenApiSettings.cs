using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Signing.AspNetCore;

namespace Signing.Tests.Support;

/// <summary>What a test changes about its API with tokens.</summary>
internal sealed class TokenApiSettings
{
    public Door Door { get; init; } = Door.Scheme;

    public ManualTimeProvider Clock { get; init; } = new();

    /// <summary>Reads credentials, ApiTokens and sharing keys from here instead of knowing one client.</summary>
    public LiveConfiguration? Configuration { get; init; }

    public Action<SignatureOptions> Signature { get; init; } = static _ => { };

    public Action<TokenOptions> Tokens { get; init; } = static _ => { };

    public Action<TokenEndpointOptions> Endpoints { get; init; } = static _ => { };

    public Action<AccessTokenOptions> Access { get; init; } = static _ => { };

    public Action<WebApplicationBuilder> Build { get; init; } = static _ => { };

    public Action<WebApplication> Before { get; init; } = static _ => { };

    public Action<AuthenticationBuilder> Schemes { get; init; } = static _ => { };

    public Action<WebApplication> Map { get; init; } = static _ => { };
}
