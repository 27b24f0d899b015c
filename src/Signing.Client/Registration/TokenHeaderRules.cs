using System.Buffers;

namespace Signing.Client;

/// <summary>Says in words what is wrong with the header of a token.</summary>
internal static class TokenHeaderRules
{
    // RFC 9110 §5.6.2.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    // What the connection or the signer writes.
    private static readonly string[] Taken =
        ["Host", "Connection", "Transfer-Encoding", "Cookie", FieldNames.ContentDigest, FieldNames.Signature, FieldNames.SignatureInput, FieldNames.AcceptSignature];

    public static void AddProblems(List<string> problems, string subject, TokenHeaderOptions? header)
    {
        if (header?.Origins is null)
        {
            problems.Add($"{subject} has no {nameof(AccessTokenOptions.Header)}, or one without a list of origins.");
            return;
        }

        if (string.IsNullOrEmpty(header.Name) || header.Name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            problems.Add($"{subject} has a header whose name is no name of a header.");
        }
        else if (Taken.Contains(header.Name, StringComparer.OrdinalIgnoreCase) || header.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
        {
            problems.Add($"{subject} has a header that has another meaning. Take Authorization, or a name of your own.");
        }

        if (!string.IsNullOrEmpty(header.Scheme) && header.Scheme.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            problems.Add($"{subject} has a scheme that is not one word.");
        }
    }
}
