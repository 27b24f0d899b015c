using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>RFC 9421 §5.1. Writes <c>Accept-Signature</c>: what a signature of the refused request would have to cover and carry.</summary>
internal static class AcceptSignature
{
    public const string FieldName = "Accept-Signature";

    private const string ContentDigestName = "content-digest";

    /// <summary>Adds the member of one scheme; labels of several stay apart.</summary>
    public static void Add(HttpContext context, VerificationPolicy policy, string? tokenField)
    {
        IHeaderDictionary fields = context.Response.Headers;
        int others = fields[FieldName].Count;
        fields.Append(FieldName, Member(context.Request, policy, tokenField, others == 0 ? "sig" : string.Concat("sig", (others + 1).ToString(CultureInfo.InvariantCulture))));
    }

    private static string Member(HttpRequest request, VerificationPolicy policy, string? tokenField, string label)
    {
        var text = new StringBuilder(label).Append("=(");
        foreach (string component in policy.RequiredComponents)
        {
            AppendComponent(text, component);
        }

        // RFC 9421 §5.1: only what suits the next request, which is taken to be this one signed again.
        foreach (string component in policy.CoveredIfPresent)
        {
            bool present = request.Headers.ContainsKey(component) || (component == ContentDigestName && RequestBodyDigest.MayHaveContent(request.HttpContext));
            if (present && !policy.RequiredComponents.Contains(component, StringComparer.Ordinal))
            {
                AppendComponent(text, component);
            }
        }

        // A token is accepted beside a signature that covers it.
        if (tokenField is not null && !policy.CoveredIfPresent.Contains(tokenField, StringComparer.Ordinal) && !policy.RequiredComponents.Contains(tokenField, StringComparer.Ordinal))
        {
            AppendComponent(text, tokenField);
        }

        if (text[^1] == ' ')
        {
            text.Length--;
        }

        // RFC 9421 §5.1: created and expires stand without a value. keyid and nonce would need one, and both are the caller's to choose.
        text.Append(')');
        if (policy.RequiredParameters.HasFlag(SignatureParameterNames.Created))
        {
            text.Append(";created");
        }

        if (policy.RequiredParameters.HasFlag(SignatureParameterNames.Expires))
        {
            text.Append(";expires");
        }

        text.Append(";alg=\"hmac-sha256\"");
        if (policy.Tag is not null)
        {
            text.Append(";tag=").Append(Quoted.Of(policy.Tag));
        }

        return text.ToString();
    }

    private static void AppendComponent(StringBuilder text, string component) =>
        text.Append(component.StartsWith('"') ? component : Quoted.Of(component)).Append(' ');
}
