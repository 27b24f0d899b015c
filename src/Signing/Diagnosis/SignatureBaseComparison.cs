namespace Signing;

/// <summary>RFC 9421 §2.5. Compares the signature base that was signed with the one that the verifier saw, and names what differs and the usual cause.</summary>
/// <remarks>It says what the texts show, so that a cause that two bases cannot prove is called usual. It allocates: keep it off the path of every request.</remarks>
public static class SignatureBaseComparison
{
    /// <summary>Compares two signature bases line by line.</summary>
    /// <param name="signed">The base that the signer signed.</param>
    /// <param name="seen">The base that the verifier made of the message as it arrived.</param>
    /// <returns>The components that differ, in the order of <paramref name="signed"/>, those that only <paramref name="seen"/> has next, and <c>"@signature-params"</c> last; empty if the bases are equal. A value that one side shows as <c>(12 characters, not shown)</c> counts as equal to one of that length.</returns>
    /// <exception cref="FormatException">One of the texts is no signature base; the message says which and where.</exception>
    public static IReadOnlyList<ComponentDifference> Compare(string signed, string seen)
    {
        ArgumentNullException.ThrowIfNull(signed);
        ArgumentNullException.ThrowIfNull(seen);
        var left = SignatureBaseText.Read(signed, "signed");
        var right = SignatureBaseText.Read(seen, "seen");
        var found = new List<ComponentDifference>();
        foreach (var component in left.Components)
        {
            Add(component, left.ValueOf(component), right.ValueOf(component), found);
        }

        foreach (var component in right.Components)
        {
            if (left.ValueOf(component) is null)
            {
                Add(component, null, right.ValueOf(component), found);
            }
        }

        Add(SignatureBaseText.Parameters, left.ParametersValue, right.ParametersValue, found);
        return found;
    }

    private static void Add(string component, string? signed, string? seen, List<ComponentDifference> found)
    {
        if (signed == seen)
        {
            return;
        }

        var isHidden = ShownValue.TryReadHidden(seen, out var length);
        isHidden |= ShownValue.TryReadHidden(signed, out var signedLength);
        if (isHidden && signed is not null && seen is not null)
        {
            // One side keeps the value to itself; of one that is as long nobody here can say more.
            if (length != signedLength)
            {
                (var own, var other) = (ShownValue.Length(signedLength), ShownValue.Length(length));
                found.Add(new ComponentDifference(
                    component,
                    MismatchCause.FieldChanged,
                    $"{component} was signed as {own} and seen as {other}: usually a proxy or a handler behind the signer writes the field; have it leave the field alone, or do not cover it.")
                {
                    Signed = own,
                    Seen = other,
                });
            }

            return;
        }

        foreach (var finding in Explain(component, signed, seen))
        {
            found.Add(new ComponentDifference(component, signed, seen, finding));
        }
    }

    private static IEnumerable<Finding> Explain(string component, string? signed, string? seen)
    {
        if (signed is null)
        {
            return [new(MismatchCause.ComponentAdded, "the two sides do not cover the same components; the verifier has to take the list from Signature-Input as it was received")];
        }

        if (seen is null)
        {
            return [new(MismatchCause.ComponentMissing, "the two sides do not cover the same components; check that Signature-Input arrives as it was sent")];
        }

        return NameOf(component) switch
        {
            "@method" => [ControlDataComparison.Method(signed, seen)],
            "@authority" => [AuthorityComparison.Compare(signed, seen)],
            "@scheme" => [ControlDataComparison.Scheme(signed, seen)],
            "@status" => [ControlDataComparison.Status()],
            "@path" => PathComparison.Compare(signed, seen),
            "@query" => QueryComparison.Compare(signed, seen),
            "@query-param" => [QueryComparison.CompareParameter(signed, seen)],
            "@target-uri" or "@request-target" => TargetComparison.Compare(signed, seen),
            "@signature-params" => [ParameterComparison.Compare(signed, seen)],
            var field => [FieldComparison.Compare(field, signed, seen)],
        };
    }

    // Between the first two quotes; the reader has seen to it that they are there.
    private static string NameOf(string component) => component[1..component.IndexOf('"', 1)];
}
