namespace Signing.AspNetCore;

/// <summary>Stops the start of a host that can neither issue nor verify tokens; the message says what to do.</summary>
public sealed class TokenStartException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="message">What is wrong and what to do; quotes no secret.</param>
    /// <param name="innerException">The failure that showed it.</param>
    public TokenStartException(TokenStartFault fault, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Fault = fault;
    }

    /// <summary>Why the start was stopped.</summary>
    public TokenStartFault Fault { get; }
}
