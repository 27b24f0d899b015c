namespace Signing.Client;

/// <summary>Says why no access token could be had; the request that needed it was not sent.</summary>
/// <remarks>
/// It is an <see cref="HttpRequestException"/>, unlike <see cref="MessageSigningException"/>: most often a server was not
/// reached, so what catches or retries failures of the network is right for it too. A permanent failure that is retried costs
/// no call: it is remembered until the options change.
/// </remarks>
public sealed class AccessTokenException : HttpRequestException
{
    /// <summary>Creates an exception without a message of its own.</summary>
    public AccessTokenException()
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    /// <param name="message">What is wrong and what to do, without any secret or token.</param>
    public AccessTokenException(string? message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and its cause.</summary>
    /// <param name="message">What is wrong and what to do, without any secret or token.</param>
    /// <param name="innerException">The cause.</param>
    public AccessTokenException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal AccessTokenException(string message, bool isTransient, TimeSpan? retryAfter, string? error, Exception? innerException)
        : base(message, innerException)
    {
        IsTransient = isTransient;
        RetryAfter = retryAfter;
        Error = error;
    }

    /// <summary>Whether the same call may succeed later; otherwise nothing is tried again until the options change.</summary>
    public bool IsTransient { get; }

    /// <summary>How long nothing is tried from now on; <see langword="null"/> if that does not depend on time.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The error code of the token endpoint (RFC 6749 §5.2), such as <c>invalid_client</c>; <see langword="null"/> if it gave none.</summary>
    public string? Error { get; }
}
