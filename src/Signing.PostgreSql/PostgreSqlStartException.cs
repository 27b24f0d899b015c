namespace Signing.PostgreSql;

/// <summary>Stops the start of a host that cannot use its database; the message says what to do.</summary>
public sealed class PostgreSqlStartException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="message">What is wrong and what to do; quotes no secret.</param>
    /// <param name="innerException">The failure that showed it.</param>
    public PostgreSqlStartException(PostgreSqlStartFault fault, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Fault = fault;
    }

    /// <summary>Why the start was stopped.</summary>
    public PostgreSqlStartFault Fault { get; }
}
