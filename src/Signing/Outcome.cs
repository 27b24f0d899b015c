namespace Signing;

/// <summary>What a status means to the outside: one row for each value of <see cref="SignatureStatus"/>.</summary>
public sealed class Outcome
{
    /// <summary>Creates the row of a status; used for lists of statuses beyond the protocol's own.</summary>
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
    public static Outcome Of(SignatureStatus status) => throw new NotImplementedException();
}
