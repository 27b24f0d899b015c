using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Lets the signer of a client cover the header that its token travels in: an uncovered one could be exchanged on the way.</summary>
/// <remarks>At start, to be validated with the rest; a header that options name later is told to <see cref="ClientState.Cover"/>.</remarks>
internal sealed class CoverTokenHeader(
    IOptionsMonitor<TokenRegistration> registrations,
    IOptionsMonitor<AccessTokenOptions> accessTokens,
    IOptionsMonitor<ApiTokenOptions> apiTokens) : IPostConfigureOptions<MessageSigningOptions>
{
    public void PostConfigure(string? name, MessageSigningOptions options)
    {
        TokenRegistration registration = registrations.Get(name);
        if (registration.SendsAccessToken && ValidOptions.TryGet(accessTokens, name) is { } access)
        {
            Cover(options, access.Header.Name);
        }

        if (registration.SendsApiToken && ValidOptions.TryGet(apiTokens, name) is { } api)
        {
            Cover(options, api.Header.Name);
        }
    }

    private static void Cover(MessageSigningOptions options, string header)
    {
        string field = header.ToLowerInvariant();
        if (options.Policy is not { } policy || SigningProfile.Names(policy.Components, field) || SigningProfile.Names(policy.CoverIfPresent, field))
        {
            return;
        }

        options.Policy = new SigningPolicy
        {
            Components = policy.Components,
            CoverIfPresent = [.. policy.CoverIfPresent, field],
            CoverSignatures = policy.CoverSignatures,
            Label = policy.Label,
            Tag = policy.Tag,
            Lifetime = policy.Lifetime,
            IncludeNonce = policy.IncludeNonce,
            IncludeAlgorithm = policy.IncludeAlgorithm,
            FieldTypes = policy.FieldTypes,
        };
    }
}
