namespace Signing;

/// <summary>RFC 9110 §7.1. Holds what of a request's target the caller gave, as far as it is known.</summary>
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

    /// <summary>Takes an address apart without its fragment, which nobody sends.</summary>
    /// <returns>Scheme and authority, empty without <c>://</c>; the path, a slash behind an authority that has none; the query.</returns>
    public static (string Scheme, string Authority, string Path, string Query) Split(string target)
    {
        (var scheme, var authority, var path, var query) = TargetText.Split(target.Split('#')[0]);
        return (scheme ?? "", authority ?? "", scheme is not null && path.Length == 0 ? "/" : path, query);
    }
}
