namespace Signing;

/// <summary>RFC 9421 §2. Gives the raw parts of one HTTP message; the core derives <c>@path</c>, <c>@query</c> and the others from them.</summary>
/// <remarks>
/// Implement it as a <see langword="readonly"/> <see langword="struct"/> over the message: the verifier and the signer are
/// generic, so no call goes through an interface and nothing is boxed. Never decode, normalise or rebuild a part. A request
/// needs only the members that have no body here. A response implements all of them: its method, scheme, authority and target
/// are those of the request that it answers.
/// </remarks>
public interface ISignableMessage
{
    /// <summary>Whether this is a response; <see langword="false"/> unless implemented.</summary>
    static virtual bool IsResponse => false;

    /// <summary>The method verbatim, case preserved.</summary>
    ReadOnlySpan<char> Method { get; }

    /// <summary>The scheme of the target URI, in any case: <c>https</c> or <c>http</c>.</summary>
    ReadOnlySpan<char> Scheme { get; }

    /// <summary>Host and optional port, verbatim, of the <c>Host</c> field or <c>:authority</c>; a <see cref="RequestTarget"/> that names one wins over it.</summary>
    ReadOnlySpan<char> Authority { get; }

    /// <summary>The request target verbatim, percent-encoding untouched, in any of the four forms; empty if it is not known, which is refused.</summary>
    ReadOnlySpan<char> RequestTarget { get; }

    /// <summary>The status code of a response, 100 to 999; asked of responses alone.</summary>
    int Status => 0;

    /// <summary>The label of the signature of the request that a response answers, which the response has to cover; empty if the request has none; asked of responses alone.</summary>
    ReadOnlySpan<char> RequestLabel => default;

    /// <summary>Gets one line of a header field, in the order received, and how many lines there are.</summary>
    /// <param name="lowerCaseName">The field name in lower case.</param>
    /// <param name="index">From 0 on.</param>
    /// <param name="count">The number of lines; 0 if the field is absent. A field with an empty value has one line.</param>
    /// <returns>The value of the line, trimming left to the core; empty if <paramref name="index"/> is not below <paramref name="count"/>.</returns>
    ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count);

    /// <summary>Gets one line of a header field of the request that a response answers; asked of responses alone.</summary>
    /// <param name="lowerCaseName">The field name in lower case.</param>
    /// <param name="index">From 0 on.</param>
    /// <param name="count">The number of lines; 0 if the field is absent.</param>
    /// <returns>The value of the line, as <see cref="GetFieldLine"/> gives it.</returns>
    ReadOnlySpan<char> GetRequestFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        count = 0;
        return default;
    }
}
