namespace Signing;

/// <summary>Takes an address apart as text: it may have been decoded or rewritten, so nothing of it is resolved.</summary>
internal sealed class CalledTarget
{
    public CalledTarget(string? address)
    {
        Address = address;
        if (address is not null)
        {
            (_, Authority, Path, Query) = Split(address);
        }
    }

    public string? Address { get; }

    public string? Authority { get; }

    public string? Path { get; }

    /// <summary>With its question mark, a lone one if there is none.</summary>
    public string? Query { get; }

    public static string PathOf(string target) => Split(target).Path;

    public static string QueryOf(string target) => Split(target).Query;

    public static (string Scheme, string Authority, string Path, string Query) Split(string target)
    {
        target = target.Split('#')[0];
        var question = target.IndexOf('?', StringComparison.Ordinal);
        var query = question < 0 ? "?" : target[question..];
        var before = question < 0 ? target : target[..question];
        var end = before.IndexOf("://", StringComparison.Ordinal);
        if (end < 0)
        {
            return ("", "", before, query);
        }

        var path = before.IndexOf('/', end + 3);
        return path < 0 ? (before[..end], before[(end + 3)..], "/", query) : (before[..end], before[(end + 3)..path], before[path..], query);
    }
}
