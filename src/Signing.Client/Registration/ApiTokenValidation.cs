using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Says in words what is wrong with the options, without quoting the token.</summary>
internal sealed class ApiTokenValidation : IValidateOptions<ApiTokenOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiTokenOptions options)
    {
        List<string> problems = Problems(name, options);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    public static void ThrowIfInvalid(ApiTokenOptions options)
    {
        List<string> problems = Problems(name: null, options);
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(ApiTokenOptions), problems);
        }
    }

    private static List<string> Problems(string? name, ApiTokenOptions options)
    {
        string subject = string.IsNullOrEmpty(name) ? "The ApiToken" : $"The ApiToken of the client \"{name}\"";
        var problems = new List<string>();
        if (string.IsNullOrEmpty(options.Token))
        {
            problems.Add($"{subject} is not set. {KeyAndSecret.Remedy(options.Section, "Token")}");
        }
        else if (!TokenAnswer.IsToken(options.Token))
        {
            problems.Add($"{subject} is not visible ASCII of at most {TokenAnswer.MaxTokenLength} characters. Copy it exactly as it was shown.");
        }

        TokenHeaderRules.AddProblems(problems, subject, options.Header);
        return problems;
    }
}
