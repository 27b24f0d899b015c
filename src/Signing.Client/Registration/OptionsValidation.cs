using System.Text;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Says in words what is wrong with the options, without quoting a Key or a Secret.</summary>
internal sealed class OptionsValidation : IValidateOptions<MessageSigningOptions>
{
    public ValidateOptionsResult Validate(string? name, MessageSigningOptions options)
    {
        List<string> problems = Problems(name, options);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    public static void ThrowIfInvalid(MessageSigningOptions options)
    {
        List<string> problems = Problems(name: null, options);
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(MessageSigningOptions), problems);
        }
    }

    private static List<string> Problems(string? name, MessageSigningOptions options)
    {
        string subject = string.IsNullOrEmpty(name) ? "Message signing" : $"Message signing of the client \"{name}\"";
        var problems = new List<string>();
        if (string.IsNullOrEmpty(options.Key))
        {
            problems.Add($"{subject} has no Key. Set {nameof(MessageSigningOptions)}.{nameof(options.Key)}, or Key in its configuration section.");
        }
        else if (options.Key.Length > SignatureLimits.MaxKeyIdLength || options.Key.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            problems.Add($"{subject} has a Key that is not 1 to {SignatureLimits.MaxKeyIdLength} printable ASCII characters.");
        }

        if (string.IsNullOrEmpty(options.Secret))
        {
            problems.Add($"{subject} has no Secret. Take it from user secrets, an environment variable or a vault, not from source code.");
        }
        else if (Encoding.UTF8.GetByteCount(options.Secret) < SignatureLimits.MinSecretBytes)
        {
            problems.Add($"{subject} has a Secret of fewer than {SignatureLimits.MinSecretBytes} bytes. Copy it whole, exactly as it was shown.");
        }
        else if (options.Secret.AsSpan().Trim().Length != options.Secret.Length)
        {
            problems.Add($"{subject} has a Secret that begins or ends with white space. Copy it exactly as it was shown.");
        }
        else if (options.Secret == options.Key)
        {
            problems.Add($"{subject} has the same text as Key and Secret.");
        }

        if (options.Digest is < DigestAlgorithms.Sha256 or > (DigestAlgorithms.Sha256 | DigestAlgorithms.Sha512))
        {
            problems.Add($"{subject} has a {nameof(options.Digest)} that is neither {nameof(DigestAlgorithms.Sha256)} nor {nameof(DigestAlgorithms.Sha512)} nor both.");
        }

        if (options.MaxBufferedBytes is < 0 or > int.MaxValue)
        {
            problems.Add($"{subject} has a {nameof(options.MaxBufferedBytes)} that is not between 0 and {int.MaxValue}.");
        }

        AddPolicyProblems(problems, subject, options.Policy);
        return problems;
    }

    private static void AddPolicyProblems(List<string> problems, string subject, SigningPolicy? policy)
    {
        if (policy is null)
        {
            problems.Add($"{subject} has no {nameof(MessageSigningOptions.Policy)}.");
            return;
        }

        // The core knows which components exist; it says so when a signer is made.
        try
        {
            _ = new MessageSigner(policy);
        }
        catch (ArgumentException invalid)
        {
            problems.Add($"{subject} has a policy that cannot be used: {invalid.Message}");
        }
    }
}
