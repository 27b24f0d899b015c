using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Configures one scheme of access tokens; wrong values stop the host at start.</summary>
/// <remarks>How the tokens are made is said by <see cref="TokenOptions"/>.</remarks>
public sealed class AccessTokenOptions : AuthenticationSchemeOptions
{
    /// <summary>The header field that carries the token: <c>Authorization</c> unless set, there after <c>Bearer</c>; another field, such as <c>auth</c>, has the token alone.</summary>
    public string Header { get; set; } = "Authorization";

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
            failures.Add("Header must be the name of a header field, such as auth.");
        }

        if (!TokenOptionRules.IsRealm(Realm))
        {
            failures.Add("Realm must be printable ASCII.");
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(scheme, typeof(AccessTokenOptions), failures);
        }
    }
}
