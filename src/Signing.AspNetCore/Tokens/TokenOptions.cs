using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Configures the tokens that this API issues; wrong values stop the host at start.</summary>
public sealed class TokenOptions
{
    /// <summary>The default of <see cref="GrantCapacity"/>: 262,144 grants.</summary>
    public const int DefaultGrantCapacity = 1 << 18;

    /// <summary>The most that a lifetime may be: 3,650 days.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(3650);

    /// <summary>The address that names who issues the tokens, such as <c>https://api.example.com/auth</c>; required, and never taken from a request.</summary>
    /// <remarks>Tokens of one issuer are refused by another, even if both use the same key ring and the same store. Changing it ends all tokens.</remarks>
    public Uri? Issuer { get; set; }

    /// <summary>What every token begins with, 1 to 16 small letters and digits, the first a letter: people and secret scanners recognise the tokens by it.</summary>
    public string Prefix { get; set; } = "sgn";

    /// <summary>How long an access token is accepted, from one second to <see cref="MaxLifetime"/>: 15 minutes unless set.</summary>
    public TimeSpan AccessLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a refresh token is accepted, from <see cref="AccessLifetime"/> to <see cref="MaxLifetime"/>: 30 days unless set; each refresh begins it anew.</summary>
    public TimeSpan RefreshLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The environment that this API serves, such as <c>live</c>, clients of another being refused; <see langword="null"/>, the default, serves all.</summary>
    public string? Environment { get; set; }

    /// <summary>How many grants are kept at once, at least 16: 262,144 unless set; one client may hold a quarter of them, and half of what is free.</summary>
    /// <remarks>A grant takes about 600 bytes of memory. Without effect on a store that is registered as a service.</remarks>
    public int GrantCapacity { get; set; } = DefaultGrantCapacity;

    /// <summary>The file that keeps grants across restarts, relative to the content root; <see langword="null"/>, the default, keeps them in memory only.</summary>
    /// <remarks>One process at a time may use it. Without effect on a store that is registered as a service.</remarks>
    public string? JournalPath { get; set; }

    /// <summary>Whether the host may start outside Development although the key ring that seals the master key is not encrypted itself.</summary>
    /// <remarks>Whoever reads such a key ring together with the grant store can make tokens for every client.</remarks>
    public bool AllowUnprotectedKeyRing { get; set; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="OptionsValidationException">A value is missing or outside its limits.</exception>
    public void Validate()
    {
        List<string> failures = [];
        if (Issuer is not { IsAbsoluteUri: true, UserInfo: "", Query: "", Fragment: "", Scheme: "https" or "http" })
        {
            failures.Add("Issuer must be an absolute http or https address without user, query and fragment, such as https://api.example.com/auth: set it in AddSigningTokens(tokens => tokens.Issuer = …).");
        }

        if (!CredentialFormat.IsPrefix(Prefix))
        {
            failures.Add($"Prefix must have 1 to {CredentialFormat.MaxPrefixLength} small letters and digits, the first a letter.");
        }

        if (AccessLifetime < TimeSpan.FromSeconds(1) || AccessLifetime > MaxLifetime)
        {
            failures.Add($"AccessLifetime must be from one second to {MaxLifetime.TotalDays} days.");
        }

        if (RefreshLifetime < AccessLifetime || RefreshLifetime > MaxLifetime)
        {
            failures.Add($"RefreshLifetime must be from AccessLifetime to {MaxLifetime.TotalDays} days.");
        }

        if (GrantCapacity < 16)
        {
            failures.Add("GrantCapacity must be at least 16.");
        }

        if (JournalPath is "")
        {
            failures.Add("JournalPath must not be empty.");
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(nameof(TokenOptions), typeof(TokenOptions), failures);
        }
    }
}
