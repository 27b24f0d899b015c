using Signing.Tests.Support;

namespace Signing.Tests.Several.Model;

/// <summary>One signature that a request of the model carries.</summary>
/// <param name="Party">Whose tag it has.</param>
/// <param name="Key">The Key that it names.</param>
/// <param name="Secret">The Secret that it was made with.</param>
/// <param name="Label">Its label.</param>
/// <param name="Covered">The labels and values of the signatures that it covers.</param>
/// <param name="Created">When it was signed.</param>
/// <param name="Input">Its value in <c>Signature-Input</c>.</param>
/// <param name="Mac">Its value in <c>Signature</c>.</param>
/// <param name="IsBroken">Whether its MAC is none that any Secret makes.</param>
internal sealed record PartySignature(string Party, string Key, string Secret, string Label, IReadOnlyDictionary<string, string> Covered, long Created, string Input, string Mac, bool IsBroken)
{
    /// <summary>Signs what a draft has so far.</summary>
    public static PartySignature Sign(RequestDraft draft, string party, string key, string secret, string label, IReadOnlyList<PartySignature> covered, bool isBroken)
    {
        (draft.KeyId, draft.Secret, draft.Label, draft.MoreParameters) = (key, secret, label, $";tag=\"{party}\"");
        draft.Covered = $"\"@method\" \"@authority\"{(draft.Body is null ? "" : " \"content-digest\"")}{string.Concat(covered.Select(other => $" {Identifier(other)}"))}";
        foreach (PartySignature other in covered)
        {
            draft.Values[Identifier(other)] = $":{other.Mac}:";
        }

        string mac = isBroken ? Convert.ToBase64String(new byte[32]) : draft.Mac();
        return new PartySignature(party, key, secret, label, covered.ToDictionary(other => other.Label, other => other.Mac, StringComparer.Ordinal), draft.Created.ToUnixTimeSeconds(), draft.SignatureParams, mac, isBroken);
    }

    private static string Identifier(PartySignature other) => $"\"signature\";key=\"{other.Label}\"";
}
