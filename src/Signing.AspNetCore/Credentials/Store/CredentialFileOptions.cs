using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Configures the file that credentials are kept in; wrong values stop the host at start.</summary>
public sealed class CredentialFileOptions
{
    /// <summary>The file, relative to the content root; required, on a local disk, and outside the folder of files that are served to anybody.</summary>
    /// <remarks>One process at a time may use it. The audit stands beside it, in a file of the same name with <c>.audit</c> after it.</remarks>
    public string? Path { get; set; }

    /// <summary>What every new Key, Secret and ApiToken begins with, 1 to 16 small letters and digits, the first a letter: <c>sgn</c> unless set.</summary>
    /// <remarks><see cref="ApiTokenOptions.Prefix"/> and <see cref="TokenOptions.Prefix"/> follow it unless they are set. Change it, and ApiTokens that were made before are not recognised any more.</remarks>
    public string Prefix { get; set; } = CredentialFormat.UsualPrefix;

    /// <summary>Whether the host may start outside Development although the key ring that seals the Secrets is not encrypted itself.</summary>
    /// <remarks>Whoever reads such a key ring together with the file can sign as every client.</remarks>
    public bool AllowUnprotectedKeyRing { get; set; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="OptionsValidationException">A value is missing or outside its limits.</exception>
    public void Validate()
    {
        List<string> failures = [];
        if (string.IsNullOrWhiteSpace(Path) || System.IO.Path.EndsInDirectorySeparator(Path))
        {
            failures.Add("Path must name a file, such as data/credentials.json: set it in AddSigningCredentialFile(\"data/credentials.json\").");
        }

        if (!CredentialFormat.IsPrefix(Prefix))
        {
            failures.Add($"Prefix must have 1 to {CredentialFormat.MaxPrefixLength} small letters and digits, the first a letter.");
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(nameof(CredentialFileOptions), typeof(CredentialFileOptions), failures);
        }
    }
}
