using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Refuses options by which no response could be signed.</summary>
internal sealed class ResponseSignatureRules : IValidateOptions<ResponseSignatureOptions>
{
    public ValidateOptionsResult Validate(string? name, ResponseSignatureOptions options)
    {
        List<string> failures = [];
        if (options.Policy is not { Target: MessageKind.Response })
        {
            failures.Add("ResponseSignatureOptions.Policy must be one for responses: new SigningPolicy(MessageKind.Response).");
        }
        else if (FailureOf(options.Policy) is { } failure)
        {
            failures.Add(failure);
        }

        if (!Enum.IsDefined(options.Sign))
        {
            failures.Add("ResponseSignatureOptions.Sign must be one of the named values.");
        }

        if (options.Digest is < DigestAlgorithms.Sha256 or > (DigestAlgorithms.Sha256 | DigestAlgorithms.Sha512))
        {
            failures.Add("ResponseSignatureOptions.Digest must be Sha256, Sha512 or both.");
        }

        if (options.MaxBytes < 0)
        {
            failures.Add("ResponseSignatureOptions.MaxBytes must not be negative.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string? FailureOf(SigningPolicy policy)
    {
        try
        {
            _ = new MessageSigner(policy);
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }
}
