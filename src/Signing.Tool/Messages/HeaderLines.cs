namespace Signing.Tool;

/// <summary>Header fields as a person writes them: on the command line, or in a file for those that hold a credential.</summary>
internal static class HeaderLines
{
    /// <summary>Adds fields to a request, exactly as they are written.</summary>
    /// <param name="request">The request.</param>
    /// <param name="lines">Each a field, or <c>@FILE</c> with one on each line.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ToolFailure">One is no header field, or a file cannot be read.</exception>
    public static async Task AddAsync(HttpRequestMessage request, string[] lines, CancellationToken cancellationToken)
    {
        foreach (string line in lines)
        {
            if (!line.StartsWith('@'))
            {
                Add(request, line);
                continue;
            }

            string text = await InputFile.ReadTextAsync(line[1..], cancellationToken).ConfigureAwait(false);
            foreach (string read in text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Add(request, read);
            }
        }
    }

    private static void Add(HttpRequestMessage request, string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        string name = colon > 0 ? line[..colon] : "";
        string value = line[(colon + 1)..].Trim(' ', '\t');
        if (!Values.IsToken(name) || value.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            throw ToolFailure.Usage("A header field is written as \"Name: value\".");
        }

        if (value.AsSpan().ContainsAnyInRange('\u007f', '\uffff'))
        {
            throw ToolFailure.Usage($"The value of {Printable.Of(name)} holds a character that is not ASCII, which no header field has.");
        }

        if (name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) && request.Content is not null)
        {
            request.Content.Headers.Remove(name);
            request.Content.Headers.TryAddWithoutValidation(name, value);
            return;
        }

        if (!request.Headers.TryAddWithoutValidation(name, value))
        {
            throw ToolFailure.Usage($"{Printable.Of(name)} cannot be set on a request{(request.Content is null ? " without a body" : "")}.");
        }
    }
}
