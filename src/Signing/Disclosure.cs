namespace Signing;

/// <summary>To whom an <see cref="Outcome"/> may be told.</summary>
public enum Disclosure
{
    /// <summary>To anybody: it says nothing about a credential.</summary>
    Anybody = 0,

    /// <summary>To anybody, but only as <c>invalid_credential</c>, so that a caller without the Secret learns no more.</summary>
    AsInvalidCredential,

    /// <summary>Only to a caller whose proof was verified.</summary>
    Holder,
}
