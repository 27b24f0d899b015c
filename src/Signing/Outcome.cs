namespace Signing;

/// <summary>What a status means to the outside: one row for each value of <see cref="SignatureStatus"/>.</summary>
public sealed class Outcome
{
    /// <summary>Creates the row of a status; used for lists of statuses beyond the protocol's own.</summary>
    /// <param name="code">The wire code in snake_case.</param>
    /// <param name="httpStatus">The HTTP status, 200 to 599.</param>
    /// <param name="disclosure">To whom it may be told.</param>
    /// <param name="sentence">What happened; names no value of the request.</param>
    /// <param name="remedy">What the caller can do about it.</param>
    public Outcome(string code, int httpStatus, Disclosure disclosure, string sentence, string remedy)
    {
        Code = code;
        HttpStatus = httpStatus;
        Disclosure = disclosure;
        Sentence = sentence;
        Remedy = remedy;
    }

    /// <summary>The wire code in snake_case: the same in ProblemDetails, <c>WWW-Authenticate</c>, metrics, logs and tools.</summary>
    public string Code { get; }

    /// <summary>The HTTP status that answers it.</summary>
    public int HttpStatus { get; }

    /// <summary>To whom it may be told.</summary>
    public Disclosure Disclosure { get; }

    /// <summary>What happened, in one sentence.</summary>
    public string Sentence { get; }

    /// <summary>What the caller can do about it, in one sentence.</summary>
    public string Remedy { get; }

    /// <summary>Gets the row of a protocol status.</summary>
    /// <param name="status">One of the named values.</param>
    /// <returns>The row.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="status"/> is not a named value.</exception>
    public static Outcome Of(SignatureStatus status)
    {
        ArgumentOutOfRangeException.ThrowIfNegative((int)status, nameof(status));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((int)status, OutcomeTable.Rows.Length, nameof(status));
        return OutcomeTable.Rows[(int)status];
    }
}
