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
        KeyAndSecret.AddProblems(problems, subject, options.Section, options.Key, options.Secret, SignatureLimits.MinSecretBytes);
        if (options.Digest is < DigestAlgorithms.Sha256 or > (DigestAlgorithms.Sha256 | DigestAlgorithms.Sha512))
        {
            problems.Add($"{subject} has a {nameof(options.Digest)} that is neither {nameof(DigestAlgorithms.Sha256)} nor {nameof(DigestAlgorithms.Sha512)} nor both.");
        }

        if (options.MaxBufferedBytes is < 0 or > int.MaxValue)
        {
            problems.Add($"{subject} has a {nameof(options.MaxBufferedBytes)} that is not between 0 and {int.MaxValue}.");
        }

        if (options.AsksForTwo)
        {
            problems.Add($"{subject} is added twice, with different Keys under different labels or tags: a client signs with one. Let the other party sign where it hands the request on, with {nameof(SigningPolicy)}.{nameof(SigningPolicy.CoverSignatures)}, or put one {nameof(MessageSigningHandler)} around another.");
        }

        AddPolicyProblems(problems, subject, options.Policy);
        AddResponseProblems(problems, subject, options.Responses);
        return problems;
    }

    private static void AddPolicyProblems(List<string> problems, string subject, SigningPolicy? policy)
    {
        if (policy is null)
        {
            problems.Add($"{subject} has no {nameof(MessageSigningOptions.Policy)}.");
            return;
        }

        if (policy.Target != MessageKind.Request)
        {
            problems.Add($"{subject} has a policy for responses; a client signs requests.");
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

    private static void AddResponseProblems(List<string> problems, string subject, ResponseVerificationOptions? responses)
    {
        if (responses?.Policy is not { Target: MessageKind.Response } policy)
        {
            problems.Add($"{subject} has no {nameof(MessageSigningOptions.Responses)}, or one without a policy for responses: new {nameof(VerificationPolicy)}({nameof(MessageKind)}.{nameof(MessageKind.Response)}).");
            return;
        }

        if (responses.MaxBytes < 0)
        {
            problems.Add($"{subject} has a {nameof(MessageSigningOptions.Responses)}.{nameof(responses.MaxBytes)} below 0.");
        }

        try
        {
            _ = new MessageVerifier(policy);
        }
        catch (ArgumentException invalid)
        {
            problems.Add($"{subject} has a {nameof(MessageSigningOptions.Responses)}.{nameof(responses.Policy)} that cannot be used: {invalid.Message}");
        }
    }
}
