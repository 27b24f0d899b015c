using System.Text;

namespace Signing.Client;

/// <summary>Says in words what is wrong with a Key and a Secret, without quoting either.</summary>
internal static class KeyAndSecret
{
    public static void AddProblems(List<string> problems, string subject, string? section, string key, string secret, int minSecretBytes)
    {
        if (string.IsNullOrEmpty(key))
        {
            problems.Add($"{subject} has no Key. {(section is null ? "Set it in the options, or as Key in their configuration section." : $"Set {section}:Key in the configuration, or Key in the options.")}");
        }
        else if (key.AsSpan().Trim().Length != key.Length)
        {
            problems.Add($"{subject} has a Key that begins or ends with white space. Copy it exactly as it was shown.");
        }
        else if (key.Length > SignatureLimits.MaxKeyIdLength || key.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            problems.Add($"{subject} has a Key that is not 1 to {SignatureLimits.MaxKeyIdLength} printable ASCII characters.");
        }
        else if (IsSecret(key))
        {
            problems.Add($"{subject} has a Secret or a token in the place of its Key, where everybody on the way can read it. Exchange the two; if it has been sent like this, have a new one made.");
        }

        if (string.IsNullOrEmpty(secret))
        {
            problems.Add($"{subject} has no Secret. {Remedy(section, "Secret")}");
        }
        else if (Encoding.UTF8.GetByteCount(secret) < minSecretBytes)
        {
            problems.Add($"{subject} has a Secret of fewer than {minSecretBytes} bytes. Copy it whole, exactly as it was shown.");
        }
        else if (secret.AsSpan().Trim().Length != secret.Length)
        {
            problems.Add($"{subject} has a Secret that begins or ends with white space. Copy it exactly as it was shown.");
        }
        else if (secret == key)
        {
            problems.Add($"{subject} has the same text as Key and Secret.");
        }
    }

    /// <summary>Says where a setting that must stay secret comes from, and under which name.</summary>
    public static string Remedy(string? section, string setting) => section is null
        ? "Take it from user secrets, an environment variable or a vault, not from source code."
        : $"Take {section}:{setting} from user secrets, the environment ({section.Replace(":", "__", StringComparison.Ordinal)}__{setting}) or a vault, not from source code.";

    // The core knows which texts are Secrets; it says so when a key is made.
    private static bool IsSecret(string key)
    {
        try
        {
            new SigningKey(key, new byte[SignatureLimits.MinSecretBytes]).Dispose();
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
