namespace Signing.AspNetCore;

/// <summary>The parts of a Key, Secret or ApiToken that <see cref="CredentialFormat.TryRead"/> found in order.</summary>
public readonly ref struct CredentialText
{
    internal CredentialText(CredentialTextKind kind, ReadOnlySpan<char> environment)
    {
        Kind = kind;
        Environment = environment;
    }

    /// <summary>What it is.</summary>
    public CredentialTextKind Kind { get; }

    /// <summary>The environment it was made for: a window on the text that was read.</summary>
    public ReadOnlySpan<char> Environment { get; }
}
