using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Signing.AspNetCore;

/// <summary>RFC 9421 §5.2. Reads from a request's <c>Accept-Signature</c> which signatures of the response are wanted.</summary>
/// <remarks>Members that nothing of ours could meet are left out, and a field that is malformed anywhere is as if it were not there.</remarks>
internal sealed class AskedSignatures
{
    /// <summary>Characters of the longest field that is read.</summary>
    public const int MaxLength = 2048;

    // Each that can be met is remembered with what signs it, and nobody needs more than two.
    private const int MaxMembers = 4;

    // A label has 32 characters at most, and no field that is read has a thousand of them.
    private const int MaxStemLength = 29;

    private AskedSignatures(AskedSignature[] members, MessageSigner usual)
    {
        Members = members;
        Usual = usual;
    }

    /// <summary>Gets those that can be had, be it in part, in their order.</summary>
    public AskedSignature[] Members { get; }

    /// <summary>Gets who signs what the policy says, under a label that was not asked for.</summary>
    public MessageSigner Usual { get; }

    /// <summary>Joins the lines of the field.</summary>
    /// <returns>The text; <see langword="null"/> if there is none, or more than is read.</returns>
    public static string? TextOf(HttpRequest request) =>
        request.Headers.TryGetValue(AcceptSignature.FieldName, out StringValues lines) && lines.Count > 0 && lines.ToString() is { Length: <= MaxLength } text ? text : null;

    /// <summary>Reads the members.</summary>
    /// <param name="text">The field.</param>
    /// <param name="usual">Who signs where nothing is asked for.</param>
    public static AskedSignatures Read(string text, MessageSigner usual)
    {
        var nothing = new AskedSignatures([], usual);
        var members = new Dictionary<string, AskedMember?>(StringComparer.Ordinal);
        var reader = new StructuredFieldReader(text);
        while (reader.TryReadKey(out ReadOnlySpan<char> key))
        {
            // RFC 9421 §5.1: the value of a member is an Inner List; a field with any other says nothing that could be relied on.
            if (!reader.TryReadInnerListStart())
            {
                return nothing;
            }

            // RFC 9651 §3.2: of members with one label the last counts.
            string label = key.ToString();
            members[label] = AskedMember.Read(ref reader, text, label, usual.Policy);
        }

        if (reader.Failed)
        {
            return nothing;
        }

        string free = FreeLabel(usual.Policy.Label, members);
        return new AskedSignatures(
            [.. members.Values.Take(MaxMembers).OfType<AskedMember>().Select(member => AskedSignature.TryMake(member, usual.Policy, free)).OfType<AskedSignature>()],
            free == usual.Policy.Label ? usual : Under(free, usual.Policy));
    }

    /// <summary>Says whether a signature with this key is wanted, be it another than the policy lets be had.</summary>
    public bool Want(SigningKey key) => Find(key) is not null;

    /// <summary>Gives those who sign to the letter what was asked for, as far as that is no less than the policy covers of this response.</summary>
    public IEnumerable<MessageSigner> Exact(SignedRequest request, IHeaderDictionary fields) =>
        Members.Where(member => member.IsFor(request.Key) && member.CoversPolicy(request, fields)).Select(member => member.Exact!);

    /// <summary>Gives who signs what the policy says and what was asked for, under a label that was not; <see langword="null"/> if nothing was asked of this key.</summary>
    public MessageSigner? Wider(SigningKey key) => Find(key)?.Wider;

    private AskedSignature? Find(SigningKey key) => Array.Find(Members, member => member.IsFor(key));

    // RFC 9421 §5.2: what is signed beyond what was asked for has a label that the field does not have.
    private static string FreeLabel(string preferred, Dictionary<string, AskedMember?> members)
    {
        string label = preferred;
        for (int number = 2; members.ContainsKey(label); number++)
        {
            label = preferred[..Math.Min(preferred.Length, MaxStemLength)] + number.ToString(CultureInfo.InvariantCulture);
        }

        return label;
    }

    // As if somebody had asked for nothing in particular.
    private static MessageSigner Under(string label, SigningPolicy policy) => AskedSignature.TryMake(new AskedMember(label, [], null, policy.Tag), policy, label)!.Wider;
}
