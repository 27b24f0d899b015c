namespace Signing.Tool;

/// <summary>Header fields as a person writes them: on the command line, or in a file for those that hold a credential.</summary>
internal static class HeaderLines
{
    public static async Task<List<string>> ReadAsync(string[] lines, CancellationToken cancellationToken)
    {
        var all = new List<string>();
        foreach (string line in lines)
        {
            if (!line.StartsWith('@'))
            {
                all.Add(line);
                continue;
            }

            string text = await InputFile.ReadTextAsync(line[1..], cancellationToken).ConfigureAwait(false);
            all.AddRange(text.ReplaceLineEndings("\n").Split('\n').Where(read => read.Length > 0));
        }

        return all;
    }

    /// <summary>Adds a field to a request, exactly as it is written.</summary>
    /// <exception cref="ToolFailure">It is no header field.</exception>
    public static void Add(HttpRequestMessage request, string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        string name = colon > 0 ? line[..colon] : "";
        string value = colon > 0 ? line[(colon + 1)..].Trim(' ', '\t') : "";
        if (name.Length == 0 || name.AsSpan().ContainsAnyExceptInRange('!', '~') || value.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            throw ToolFailure.Usage("A header field is written as \"Name: value\".");
        }

        if (name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) && request.Content is not null)
        {
            request.Content.Headers.Remove(name);
            if (request.Content.Headers.TryAddWithoutValidation(name, value))
            {
                return;
            }
        }

        if (!request.Headers.TryAddWithoutValidation(name, value))
        {
            throw ToolFailure.Usage($"{Printable.Of(name)} cannot be set on a request{(request.Content is null ? " without a body" : "")}.");
        }
    }
}
