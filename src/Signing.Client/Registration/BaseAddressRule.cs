using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Is checked at start for each client that signs: the base address it is given must be one that signed requests may go to.</summary>
/// <remarks>Not part of the options' own validation, because setting up an HttpClient may itself read those options.</remarks>
internal sealed class BaseAddressRule(IOptionsMonitor<HttpClientFactoryOptions> clients, IOptionsMonitor<MessageSigningOptions> signing) : IValidateOptions<BaseAddressRule.Subject>
{
    public ValidateOptionsResult Validate(string? name, Subject options)
    {
        // The options are asked last: if they are invalid, their own validation says so, and once is enough.
        // "https+http" is what service discovery makes an address of, which is judged when a request goes there.
        return BaseAddresses.Of(clients.Get(name)) is { } address && !address.Scheme.Contains('+', StringComparison.Ordinal)
            && Transport.Problem(address, allowPlainHttp: false) is { } problem && !signing.Get(name).AllowPlainHttp
            ? ValidateOptionsResult.Fail($"The base address of the client \"{name}\" cannot be used. {problem}")
            : ValidateOptionsResult.Success;
    }

    /// <summary>Exists once for each client name, to be validated.</summary>
    internal sealed class Subject;
}
