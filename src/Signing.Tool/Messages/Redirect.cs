namespace Signing.Tool;

/// <summary>Says of an answer that redirects why it was not followed.</summary>
internal static class Redirect
{
    /// <summary>Gives the sentence; <see langword="null"/> if the answer is no redirect.</summary>
    public static string? SentenceOf(HttpResponseMessage response) => (int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is { } location
        ? $"The server redirects to {Printable.Of(location.ToString())} ({(int)response.StatusCode}); a signature holds for one address, so call that one."
        : null;
}
