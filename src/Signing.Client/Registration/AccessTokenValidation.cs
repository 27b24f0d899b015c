using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Says in words what is wrong with the options, without quoting a Key or a Secret.</summary>
internal sealed class AccessTokenValidation : IValidateOptions<AccessTokenOptions>
{
    private const int MaxSharingKeyLength = 512;
    private const int MaxScopeLength = 2048;

    public ValidateOptionsResult Validate(string? name, AccessTokenOptions options)
    {
        List<string> problems = Problems(name, options);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    public static void ThrowIfInvalid(AccessTokenOptions options)
    {
        List<string> problems = Problems(name: null, options);
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(AccessTokenOptions), problems);
        }
    }

    private static List<string> Problems(string? name, AccessTokenOptions options)
    {
        string subject = string.IsNullOrEmpty(name) ? "The access token" : $"The access token of the client \"{name}\"";
        var problems = new List<string>();
        KeyAndSecret.AddProblems(problems, subject, options.Section, options.Key, options.Secret, options.Login == LoginMethod.Signature ? SignatureLimits.MinSecretBytes : 1);
        if (options.Login is < LoginMethod.Signature or > LoginMethod.ClientSecretPost)
        {
            problems.Add($"{subject} has a {nameof(options.Login)} that is none of {nameof(LoginMethod)}.");
        }

        if (options.Endpoints is not { Login: not null, Refresh: not null, Token: not null })
        {
            problems.Add($"{subject} lacks one of the {nameof(options.Endpoints)}; only {nameof(AccessTokenEndpoints.Revoke)} may be left out.");
        }

        if (options.SharingKey is { } sharingKey && (sharingKey.Length > MaxSharingKeyLength || sharingKey.AsSpan().ContainsAnyExceptInRange(' ', '~')))
        {
            problems.Add($"{subject} has a {nameof(options.SharingKey)} that is not printable ASCII of at most {MaxSharingKeyLength} characters.");
        }

        // RFC 6749 §3.3: a scope is visible ASCII without a quote or a backslash.
        if (options.Scopes is null || options.Scopes.Sum(static scope => (scope?.Length ?? 0) + 1) > MaxScopeLength
            || options.Scopes.Any(static scope => string.IsNullOrEmpty(scope) || scope.AsSpan().ContainsAnyExceptInRange('!', '~') || scope.AsSpan().ContainsAny('"', '\\')))
        {
            problems.Add($"{subject} has {nameof(options.Scopes)} that are not visible ASCII words, or are longer than {MaxScopeLength} characters together.");
        }

        TokenHeaderRules.AddProblems(problems, subject, options.Header);
        return problems;
    }
}
