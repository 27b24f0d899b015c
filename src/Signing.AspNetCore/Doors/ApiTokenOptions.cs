using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Configures one scheme of ApiTokens; wrong values stop the host at start.</summary>
public sealed class ApiTokenOptions : AuthenticationSchemeOptions
{
    /// <summary>The header field that carries the token: <c>Authorization</c> unless set, there after <c>Bearer</c>; another field, such as <c>X-API-Key</c>, has the token alone.</summary>
    public string Header { get; set; } = "Authorization";

    /// <summary>What every ApiToken begins with, as <see cref="CredentialFormat"/> has it; <c>sgn</c> unless set.</summary>
    /// <remarks>What begins otherwise is left to other schemes.</remarks>
    public string Prefix { get; set; } = CredentialFormat.UsualPrefix;

    /// <summary>The environment that this API serves, such as <c>live</c>, tokens of another being refused; <see langword="null"/>, the default, serves all.</summary>
    public string? Environment { get; set; }

    /// <summary>The <c>realm</c> of the challenge, in printable ASCII; <see langword="null"/>, the default, sends none.</summary>
    public string? Realm { get; set; }

    /// <summary>Checks every value.</summary>
    /// <param name="scheme">The name of the scheme, for the message.</param>
    /// <exception cref="OptionsValidationException">A value is missing or outside its limits.</exception>
    public override void Validate(string scheme)
    {
        base.Validate(scheme);
        List<string> failures = [];
        if (!TokenOptionRules.IsFieldName(Header))
        {
            failures.Add("Header must be the name of a header field, such as X-API-Key.");
        }

        if (!CredentialFormat.IsPrefix(Prefix))
        {
            failures.Add($"Prefix must have 1 to {CredentialFormat.MaxPrefixLength} small letters and digits, the first a letter.");
        }

        if (!TokenOptionRules.IsRealm(Realm))
        {
            failures.Add("Realm must be printable ASCII.");
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(scheme, typeof(ApiTokenOptions), failures);
        }
    }
}
