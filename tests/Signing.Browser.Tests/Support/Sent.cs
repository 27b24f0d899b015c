using System.Collections.Concurrent;

namespace Signing.Browser.Tests.Support;

/// <summary>What a page sends to the admin API to change something, in order.</summary>
public sealed class Sent
{
    private readonly ConcurrentQueue<string> _lines = new();

    public Sent(IPage page)
    {
        page.Request += (_, request) =>
        {
            if (request.Method != "GET")
            {
                string path = new Uri(request.Url).AbsolutePath;
                _lines.Enqueue($"{request.Method} {path[(path.IndexOf("/v1/", StringComparison.Ordinal) + 4)..]} {request.Headers.GetValueOrDefault("if-match")} {request.PostData}".TrimEnd());
            }
        };
    }

    /// <summary>Gives each as method, path, If-Match and body, and forgets it.</summary>
    public string[] Take()
    {
        string[] lines = [.. _lines];
        _lines.Clear();
        return lines;
    }
}
