using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Signing.AspNetCore;

/// <summary>RFC 9421 §5.1. Writes <c>Accept-Signature</c>: what a signature of the refused request would have to cover and carry.</summary>
internal static class AcceptSignature
{
    public const string FieldName = "Accept-Signature";

    private const string ContentDigestName = "content-digest";

    /// <summary>Adds the members of a refusal: one, or one for each scheme that the endpoint requires; labels stay apart.</summary>
    public static void Add(HttpContext context, RequestVerifier verifier, SignatureFeature feature)
    {
        string? tokenField = feature.Joined?.Door.Component;
        if (SignatureParties.RequirementOf(context, feature) is not { } required)
        {
            Add(context, verifier.Options.Policy, tokenField, []);
            return;
        }

        // RFC 9421 §5: each signature that the next request must have is a member. Of alternatives each is one too: a signer takes that of its tag.
        RequestVerifiers verifiers = context.RequestServices.GetRequiredService<RequestVerifiers>();
        var labels = new List<string>();
        for (int i = 0; i < required.Schemes.Count; i++)
        {
            string label = Add(
                context, verifiers.Get(required.Schemes[i]).Options.Policy, i == 0 ? tokenField : null, required.Mode == SignaturesMode.Chain ? labels : []);
            labels.Add(label);
        }
    }

    private static string Add(HttpContext context, VerificationPolicy policy, string? tokenField, IReadOnlyList<string> coveredLabels)
    {
        IHeaderDictionary fields = context.Response.Headers;
        int others = fields[FieldName].Count;
        string label = others == 0 ? "sig" : string.Concat("sig", (others + 1).ToString(CultureInfo.InvariantCulture));
        fields.Append(FieldName, Member(context.Request, policy, tokenField, label, coveredLabels));
        return label;
    }

    private static string Member(HttpRequest request, VerificationPolicy policy, string? tokenField, string label, IReadOnlyList<string> coveredLabels)
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

        foreach (string covered in coveredLabels)
        {
            AppendComponent(text, $"\"signature\";key=\"{covered}\"");
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
