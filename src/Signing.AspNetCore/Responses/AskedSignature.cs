using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>RFC 9421 §5.2. A signature of the response that was asked for, and what the policy makes of the wish where it cannot be met to the letter.</summary>
internal sealed class AskedSignature
{
    private const string Signature = "\"signature\";";

    private readonly AskedMember _member;
    private readonly SigningPolicy _policy;
    private readonly string[] _left;

    private AskedSignature(AskedMember member, SigningPolicy policy, string otherLabel)
    {
        _member = member;
        _policy = policy;
        _left = [.. policy.CoverIfPresent.Except(member.Components, StringComparer.Ordinal)];
        Wider = WiderSigner(member, policy, otherLabel);
        Exact = policy.Components.Except(member.Components, StringComparer.Ordinal).Any() ? null : ExactSigner(member, policy);
    }

    /// <summary>Gets who covers what was asked for and nothing else, under the label that was asked for; <see langword="null"/> if that is less than the policy covers of any response.</summary>
    public MessageSigner? Exact { get; }

    /// <summary>Gets who adds what was asked for to what the policy covers, under another label.</summary>
    public MessageSigner Wider { get; }

    /// <summary>Makes the signers.</summary>
    /// <returns>Them; <see langword="null"/> if it asks for what no response covers.</returns>
    public static AskedSignature? TryMake(AskedMember member, SigningPolicy policy, string otherLabel)
    {
        try
        {
            return new AskedSignature(member, policy, otherLabel);
        }
        catch (ArgumentException)
        {
            // The core knows what can be signed: this cannot, so nobody can be given it.
            return null;
        }
    }

    public bool IsFor(SigningKey key) => _member.KeyId is null || _member.KeyId == key.KeyId;

    /// <summary>Says whether what was asked for is no less than what the policy covers of this response.</summary>
    public bool CoversPolicy(SignedRequest request, IHeaderDictionary fields) =>
        Exact is not null && (!_policy.CoverRequestSignature || CoversSignature(request.Label)) && !Array.Exists(_left, fields.ContainsKey);

    private static MessageSigner ExactSigner(AskedMember member, SigningPolicy policy) =>
        new(Take(policy, member.Label, member.Tag, member.Components, [], coversRequest: false, coversOthers: false));

    private static MessageSigner WiderSigner(AskedMember member, SigningPolicy policy, string label)
    {
        // The signature of the request is covered by the label that it was verified by.
        string[] added = [.. member.Components.Except(policy.Components, StringComparer.Ordinal).Where(component => !IsSignatureOfRequest(component))];
        return new MessageSigner(Take(
            policy,
            label,
            member.Tag,
            [.. policy.Components, .. added.Where(component => !IsField(component))],
            [.. policy.CoverIfPresent.Union(added.Where(IsField), StringComparer.Ordinal)],
            policy.CoverRequestSignature || member.Components.Any(IsSignatureOfRequest),
            policy.CoverSignatures));
    }

    // What the policy says of everything else.
    private static SigningPolicy Take(
        SigningPolicy policy, string label, string? tag, IReadOnlyList<string> components, IReadOnlyList<string> ifPresent, bool coversRequest, bool coversOthers) => new(MessageKind.Response)
        {
            Components = components,
            CoverIfPresent = ifPresent,
            CoverRequestSignature = coversRequest,
            CoverSignatures = coversOthers,
            Label = label,
            Tag = tag,
            Lifetime = policy.Lifetime,
            IncludeNonce = policy.IncludeNonce,
            IncludeAlgorithm = policy.IncludeAlgorithm,
            FieldTypes = policy.FieldTypes,
        };

    private static bool IsField(string component) => component[0] is not ('@' or '"');

    private static bool IsSignatureOfRequest(string component) => component.StartsWith(Signature, StringComparison.Ordinal) && component.Contains(";req", StringComparison.Ordinal);

    // By its label, in either order of the parameters, or with the whole field.
    private bool CoversSignature(string label) =>
        _member.Components.Any(component => component == Signature + "req" || component == $"{Signature}req;key=\"{label}\"" || component == $"{Signature}key=\"{label}\";req");
}
