using Microsoft.Extensions.Options;
using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>What the options may hold.</summary>
internal sealed class ManagementOptionsRules : IValidateOptions<ManagementOptions>
{
    private const int LeastBodyBytes = 1024;
    private const int MostBodyBytes = 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, ManagementOptions options)
    {
        List<string> failures = [];
        if (options.Policies is null)
        {
            failures.Add("Policies must not be null.");
        }
        else if (options.Policies is { Viewer: null } policies && policies.Named.Any())
        {
            failures.Add("Policies.Viewer must be set when another policy is: whoever is no viewer gets nothing.");
        }

        if (options.Environments is not { Count: > 0 } environments || !environments.All(IsEnvironment) || environments.Distinct(StringComparer.Ordinal).Count() != environments.Count)
        {
            failures.Add($"Environments must be at least one, each once, of 1 to {CredentialFormat.MaxEnvironmentLength} small letters and digits.");
        }

        if (options.MaxBodyBytes is < LeastBodyBytes or > MostBodyBytes)
        {
            failures.Add($"MaxBodyBytes must be from {LeastBodyBytes} to {MostBodyBytes}.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsEnvironment(string environment) =>
        environment is { Length: > 0 and <= CredentialFormat.MaxEnvironmentLength } && environment.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}
