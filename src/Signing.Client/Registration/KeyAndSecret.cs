using System.Text;

namespace Signing.Client;

/// <summary>Says in words what is wrong with a Key and a Secret, without quoting either.</summary>
internal static class KeyAndSecret
{
    public static void AddProblems(List<string> problems, string subject, string key, string secret, int minSecretBytes)
    {
        if (string.IsNullOrEmpty(key))
        {
            problems.Add($"{subject} has no Key. Set it in the options, or as Key in their configuration section.");
        }
        else if (key.Length > SignatureLimits.MaxKeyIdLength || key.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            problems.Add($"{subject} has a Key that is not 1 to {SignatureLimits.MaxKeyIdLength} printable ASCII characters.");
        }

        if (string.IsNullOrEmpty(secret))
        {
            problems.Add($"{subject} has no Secret. Take it from user secrets, an environment variable or a vault, not from source code.");
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
}
