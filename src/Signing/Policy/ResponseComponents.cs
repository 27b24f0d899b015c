namespace Signing;

/// <summary>RFC 9421 §2.4. Lists what the signature of a response covers unless a policy says otherwise.</summary>
internal static class ResponseComponents
{
    /// <summary>Gets the status, and what was asked of whom.</summary>
    public static IReadOnlyList<string> Always { get; } = ["@status", "\"@method\";req", "\"@authority\";req", "\"@path\";req", "\"@query\";req"];

    /// <summary>Gets the content, how to read it, and where it sends its reader.</summary>
    public static IReadOnlyList<string> IfPresent { get; } = ["content-digest", "content-type", "content-encoding", "content-range", "location"];
}
