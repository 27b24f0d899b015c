using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Is checked at start for each client that sends tokens: endpoints and origins, completed with its base address, must be ones that tokens may go to.</summary>
/// <remarks>Not part of the options' own validation, because setting up an HttpClient may itself read those options.</remarks>
internal sealed class TokenAddressRule(
    IOptionsMonitor<HttpClientFactoryOptions> clients,
    IOptionsMonitor<TokenRegistration> registrations,
    IOptionsMonitor<AccessTokenOptions> accessTokens,
    IOptionsMonitor<ApiTokenOptions> apiTokens) : IValidateOptions<TokenAddressRule.Subject>
{
    public ValidateOptionsResult Validate(string? name, Subject options)
    {
        TokenRegistration registration = registrations.Get(name);
        Uri? baseAddress = BaseAddresses.Of(clients.Get(name));
        AccessTokenOptions? access = registration.SendsAccessToken ? ValidOptions.TryGet(accessTokens, name) : null;
        ApiTokenOptions? api = registration.SendsApiToken ? ValidOptions.TryGet(apiTokens, name) : null;
        List<string> problems = [];
        if (access is not null)
        {
            problems.AddRange(TokenAddresses.Problems($"The access token of the client \"{name}\"", access, registration.IsNamedForAccessToken ? baseAddress : null));
        }

        if (api is not null)
        {
            problems.AddRange(TokenAddresses.Problems($"The ApiToken of the client \"{name}\"", api, registration.IsNamedForApiToken ? baseAddress : null));
        }

        if (access is not null && api is not null && access.Header.Name.Equals(api.Header.Name, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add($"The client \"{name}\" has an access token and an ApiToken for the same header. Leave one of them out.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>Exists once for each client name, to be validated.</summary>
    internal sealed class Subject;
}
