namespace Signing;

/// <summary>Names one component that signer and verifier see differently, with the usual cause.</summary>
/// <remarks>A component with two causes, such as a path that lost its prefix and was decoded, is named twice.</remarks>
public sealed class ComponentDifference
{
    internal ComponentDifference(string component, string? signed, string? seen, Finding finding)
    {
        Component = component;
        Cause = finding.Cause;
        var hides = TokenField.Carries(component);
        Signed = hides ? ShownValue.Hide(signed, seen) : signed;
        Seen = hides ? ShownValue.Hide(seen, signed) : seen;
        Sentence = $"{component} was {Put(signed, seen, "signed", hides)} and {Put(seen, signed, "seen", hides)}: {finding.Why}.";
    }

    internal ComponentDifference(string component, MismatchCause cause, string sentence)
    {
        Component = component;
        Cause = cause;
        Sentence = sentence;
    }

    /// <summary>The component identifier as it is written in the base, quotes and parameters included; <c>"signature"</c> where only the Secret is left.</summary>
    public string Component { get; }

    /// <summary>What the signer signed; <see langword="null"/> if it is not there or not known, and only its length if the field carries a token.</summary>
    public string? Signed { get; internal init; }

    /// <summary>What the verifier saw; <see langword="null"/> if it is not there or not known, and only its length if the field carries a token.</summary>
    public string? Seen { get; internal init; }

    /// <summary>The usual cause.</summary>
    public MismatchCause Cause { get; }

    /// <summary>One English sentence: the component, what likely happened, and the remedy; printable ASCII, and no token in it.</summary>
    public string Sentence { get; }

    /// <summary>Gives the sentence.</summary>
    /// <returns><see cref="Sentence"/>.</returns>
    public override string ToString() => Sentence;

    private static string Put(string? value, string? other, string verb, bool hides)
    {
        if (value is null)
        {
            return $"not {verb}";
        }

        return $"{verb} as {(hides ? ShownValue.Hide(value, other) : ShownValue.Of(value, other))}";
    }
}
