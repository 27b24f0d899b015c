using Microsoft.Extensions.Configuration;

namespace Signing.AspNetCore;

// The names directly below the section. A host may keep settings of its own beside ours, so only a name that is almost one
// of ours is a mistake: `Credential` would otherwise be an API without credentials.
internal static class ConfigurationNames
{
    private const int MaxTypingErrors = 2;

    public static readonly IReadOnlyList<string> Known = ["Credentials", "ApiTokens", "SharingKeys", "Workspaces", "Applications"];

    public static void Check(IConfigurationSection section, ConfigurationFailures failures)
    {
        foreach (string name in section.GetChildren().Select(child => child.Key))
        {
            if (Known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (Known.FirstOrDefault(known => DistanceOf(name, known) <= MaxTypingErrors) is { } meant)
            {
                failures.Add($"{section.Path}:{name}", $"is not a setting; {meant} is");
            }
        }
    }

    // How many characters must be put in, left out or replaced to make one of the other (Levenshtein), in any case.
    private static int DistanceOf(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 0; i < one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < other.Length; j++)
            {
                int replaced = diagonal + (char.ToUpperInvariant(one[i]) == char.ToUpperInvariant(other[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
