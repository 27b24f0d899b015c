using Microsoft.AspNetCore.Authorization;

namespace Signing.AspNetCore;

/// <summary>Asks for signatures under several schemes; <c>RequireAllSignatures</c>, <c>RequireSignatureChain</c> and <c>RequireAnySignature</c> make it.</summary>
public sealed class SignaturesRequirement : IAuthorizationRequirement, IAuthorizationRequirementData
{
    internal const int MaxSchemes = 4;

    internal SignaturesRequirement(SignaturesMode mode, string[] schemes)
    {
        ArgumentNullException.ThrowIfNull(schemes);
        if (schemes.Length is < 2 or > MaxSchemes || schemes.Any(string.IsNullOrEmpty) || schemes.Distinct(StringComparer.Ordinal).Count() != schemes.Length)
        {
            throw new ArgumentException($"Name 2 to {MaxSchemes} schemes, each once. For one alone RequireAuthorization is enough.", nameof(schemes));
        }

        Mode = mode;
        Schemes = [.. schemes];
    }

    /// <summary>The names of the schemes, the caller's first.</summary>
    public IReadOnlyList<string> Schemes { get; }

    internal SignaturesMode Mode { get; }

    /// <summary>Gives the requirement to the authorization of the endpoint.</summary>
    /// <returns>This one.</returns>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [this];

    /// <summary>Says what is asked, as the host's log has it.</summary>
    /// <returns>The sentence.</returns>
    public override string ToString() => Mode switch
    {
        SignaturesMode.Any => $"The request must have a signature under one of the schemes {string.Join(", ", Schemes)}.",
        SignaturesMode.All => $"The request must have a signature under each of the schemes {string.Join(", ", Schemes)}.",
        _ => $"The request must have a signature under each of the schemes {string.Join(", ", Schemes)}, each covering those before it.",
    };
}
