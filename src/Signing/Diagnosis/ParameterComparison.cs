using System.Text;

namespace Signing;

/// <summary>RFC 9421 §2.3. Says how the covered components and the parameters of two bases differ.</summary>
internal static class ParameterComparison
{
    private static readonly string[] OfOneSignature = ["created", "nonce", "expires"];

    public static Finding Compare(string signed, string seen)
    {
        if (!TryRead(signed, out var components, out var parameters) || !TryRead(seen, out var otherComponents, out var otherParameters))
        {
            return Changed("one of them is not a list of components with parameters (RFC 9421 section 2.3); write it by the rules of RFC 9651");
        }

        if (!components.SequenceEqual(otherComponents, StringComparer.Ordinal))
        {
            return Changed(components.Order(StringComparer.Ordinal).SequenceEqual(otherComponents.Order(StringComparer.Ordinal), StringComparer.Ordinal)
                ? "the components stand in another order; the order is signed, and is the one of Signature-Input"
                : "they list different components; the list is signed, and is the one of Signature-Input");
        }

        var names = parameters.Keys.Union(otherParameters.Keys, StringComparer.Ordinal)
            .Where(name => parameters.GetValueOrDefault(name) != otherParameters.GetValueOrDefault(name)).ToList();
        if (names.Count == 0)
        {
            return Changed(parameters.Keys.SequenceEqual(otherParameters.Keys, StringComparer.Ordinal)
                ? "only spaces differ; RFC 9421 section 3.2 has the verifier write the list anew, in the strict form of RFC 9651"
                : "the parameters stand in another order; the order is signed, and is the one of Signature-Input");
        }

        return names.Intersect(OfOneSignature, StringComparer.Ordinal).Any(name => parameters.ContainsKey(name) && otherParameters.ContainsKey(name))
            ? new(MismatchCause.OtherSignature, $"{string.Join(" and ", names)} differ, so that these are the bases of two different signatures; compare those of one attempt")
            : Changed($"{string.Join(" and ", names)} differ; every parameter is signed, unknown ones too");
    }

    private static Finding Changed(string why) => new(MismatchCause.ParametersChanged, why);

    // Dictionaries keep the order in which they were filled as long as nothing is removed.
    private static bool TryRead(string value, out List<string> components, out Dictionary<string, string> parameters)
    {
        components = [];
        parameters = new(StringComparer.Ordinal);
        var reader = new StructuredFieldReader(value);
        if (!reader.TryReadInnerListStart())
        {
            return false;
        }

        while (reader.TryReadInnerItem(out var item))
        {
            var component = new StringBuilder().Append(item.Raw);
            while (reader.TryReadParameter(out var key, out var argument))
            {
                component.Append(';').Append(key).Append('=').Append(argument.Raw);
            }

            components.Add(component.ToString());
        }

        while (reader.TryReadParameter(out var key, out var argument))
        {
            parameters[ShownValue.Of(key.ToString(), null)] = argument.Raw.ToString();
        }

        return !reader.Failed && reader.Position == value.Length;
    }
}
