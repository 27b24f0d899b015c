namespace Signing.Interop.Tests.Matrix;

/// <summary>Cells that cannot pass, and why.</summary>
public sealed record Impossible(string Letters, string Message, Way[] Ways, string Reason)
{
    public static IReadOnlyList<Impossible> All { get; } =
    [
        new("C", "GET with an apostrophe in the query", Enum.GetValues<Way>(),
            "`http-message-signatures` verifies the query as `URL` writes it, `%27`, and not as it was sent, `'` (RFC 9421 §2.2.7: the exact text of the query). Its own requests pass, because Node sends what `URL` writes; ours sends what .NET's `Uri` writes. Send `%27` to a server that is built on it."),
        new("ABCD", "encoded slash", [Way.NginxStripping],
            "An nginx whose `proxy_pass` has a path decodes the path and encodes it again in its own way: spaces and UTF-8 come back as they were, `%2F` becomes `/`, and nobody behind it can know what was sent (RFC 9421 §2.2.6). Leave the path off `proxy_pass` and let the API live under the prefix."),
    ];

    public static Impossible? Find(Pair pair, Message message, Way way) =>
        All.SingleOrDefault(entry => entry.Letters.Contains(pair.Letter) && entry.Message == message.Name && entry.Ways.Contains(way));
}
