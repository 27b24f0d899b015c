using System.Net;

namespace Signing.Client;

/// <summary>Says why a request was not signed, and so was not sent, or why the answer to it was not accepted.</summary>
/// <remarks>
/// It is no <see cref="HttpRequestException"/>, so that retry policies do not repeat what cannot succeed, or what the server may
/// have executed although its answer cannot be trusted.
/// </remarks>
public sealed class MessageSigningException : InvalidOperationException
{
    /// <summary>Creates an exception without a message of its own.</summary>
    public MessageSigningException()
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">What is wrong and what to do, without any secret.</param>
    public MessageSigningException(string? message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and its cause.</summary>
    /// <param name="message">What is wrong and what to do, without any secret.</param>
    /// <param name="innerException">The cause.</param>
    public MessageSigningException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal MessageSigningException(SignatureStatus status, string message, string? component = null)
        : base(message)
    {
        Status = status;
        Component = component;
    }

    internal MessageSigningException(SignatureStatus status, HttpStatusCode answer, string message)
        : base(message)
    {
        Status = status;
        AnswerStatus = answer;
    }

    // Whether the answer calls itself a refusal of the access token, and of nothing else.
    internal bool IsOfToken { get; init; }

    /// <summary>The wire code of <see cref="Status"/>, such as <c>digest_mismatch</c>: the same as in answers, metrics and tools.</summary>
    public string Code => Outcome.Of(Status).Code;

    /// <summary>The status of the answer that was not accepted, which nothing proves; <see langword="null"/> if the request was not sent.</summary>
    public HttpStatusCode? AnswerStatus { get; }

    /// <summary>What kind of refusal it is; <see cref="SignatureStatus.NotVerified"/> if the reason is not one of the protocol, such as plain <c>http</c>.</summary>
    public SignatureStatus Status { get; }

    /// <summary>The component that has no value in this request, as it was configured; otherwise <see langword="null"/>.</summary>
    public string? Component { get; }
}
