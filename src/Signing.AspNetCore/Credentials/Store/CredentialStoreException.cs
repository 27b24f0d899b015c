namespace Signing.AspNetCore;

/// <summary>Stops the start of a host that cannot use its file of credentials; the message says what to do.</summary>
public sealed class CredentialStoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="message">What is wrong and what to do; quotes no secret.</param>
    /// <param name="innerException">The failure that showed it.</param>
    public CredentialStoreException(CredentialStoreFault fault, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Fault = fault;
    }

    /// <summary>Why the start was stopped.</summary>
    public CredentialStoreFault Fault { get; }
}
