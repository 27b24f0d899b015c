namespace Signing.Interop.Tests.Matrix;

/// <summary>The matrix as the README shows it.</summary>
public static class MatrixTable
{
    private static readonly Dictionary<Way, string> Headings = new()
    {
        [Way.Direct] = "direct",
        [Way.NginxPassing] = "nginx, Host passed",
        [Way.NginxRewriting] = "nginx, Host rewritten",
        [Way.NginxForwarding] = "nginx, X-Forwarded-Host",
        [Way.NginxStripping] = "nginx, prefix removed",
        [Way.Haproxy] = "haproxy",
    };

    public static IReadOnlyList<string> Lines() =>
    [
        Line(["message", .. Headings.Values]),
        Line([.. Enumerable.Repeat("---", Headings.Count + 1)]),
        .. Message.All.Select(message => Line([message.Name, .. Headings.Keys.Select(way => Cell(message, way))])),
    ];

    public static IReadOnlyList<string> Reasons() => [.. Impossible.All.Select((entry, index) => $"{index + 1}. {entry.Reason}")];

    private static string Cell(Message message, Way way)
    {
        string letters = string.Join(' ', Pair.All.Where(pair => Impossible.Find(pair, message, way) is null).Select(pair => pair.Letter));
        IEnumerable<int> reasons = Pair.All.Select(pair => Impossible.Find(pair, message, way)).OfType<Impossible>().Distinct().Select(entry => Impossible.All.ToList().IndexOf(entry) + 1);
        return string.Join(' ', reasons.Select(number => $"({number})").Prepend(letters)).Trim();
    }

    private static string Line(string[] cells) => $"| {string.Join(" | ", cells)} |".Replace(" --- ", "---", StringComparison.Ordinal);
}
