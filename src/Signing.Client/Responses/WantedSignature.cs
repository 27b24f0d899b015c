using System.Text;

namespace Signing.Client;

/// <summary>RFC 9421 §5.1. Writes the <c>Accept-Signature</c> of requests: the signature that an answer must have.</summary>
/// <remarks>What is asked for is an exact set. It is that of an answer with content; who answers without knows what there is to cover instead.</remarks>
internal static class WantedSignature
{
    private static readonly string[] OfContent = ["content-digest", "content-type"];

    public static string Of(VerificationPolicy policy, string requestLabel)
    {
        var text = new StringBuilder("sig=(");
        foreach (string component in policy.RequiredComponents)
        {
            Append(text, component);
        }

        foreach (string component in OfContent.Intersect(policy.CoveredIfPresent, StringComparer.Ordinal).Except(policy.RequiredComponents, StringComparer.Ordinal))
        {
            Append(text, component);
        }

        if (policy.CoverRequestSignature)
        {
            text.Append("\"signature\";req;key=").Append(Quote(requestLabel)).Append(' ');
        }

        text.Length--;
        text.Append(");created;alg=\"hmac-sha256\"");
        if (policy.RequiredParameters.HasFlag(SignatureParameterNames.Expires))
        {
            text.Append(";expires");
        }

        return policy.Tag is null ? text.ToString() : text.Append(";tag=").Append(Quote(policy.Tag)).ToString();
    }

    private static void Append(StringBuilder text, string component) =>
        text.Append(component.StartsWith('"') ? component : Quote(component)).Append(' ');

    private static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
