namespace Signing.Client;

/// <summary>Puts a token on the requests that get it, and takes it off again: nothing stays on a message that is sent once more.</summary>
internal sealed class TokenHeader(TokenHeaderOptions options, IReadOnlyList<Origin> origins)
{
    private const string Bearer = "Bearer";

    // One value for many requests: the token and what is sent of it.
    private volatile Tuple<string, string>? _last;

    private readonly string _prefix = PrefixOf(options);

    public string Name { get; } = options.Name;

    /// <summary>Whether the request goes to an origin that gets the token, and neither the caller nor an option forbids it.</summary>
    public bool IsFor(HttpRequestMessage request)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } uri
            || (request.Options.TryGetValue(TokenOverrides.Skip, out bool skip) && skip)
            || request.Headers.NonValidated.Contains(Name))
        {
            return false;
        }

        var origin = Origin.Of(uri);
        for (int i = 0; i < origins.Count; i++)
        {
            if (origins[i] == origin)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Puts a token on a request.</summary>
    /// <returns>What takes it off again.</returns>
    public TokenOnRequest Put(HttpRequestMessage request, string token)
    {
        Tuple<string, string>? last = _last;
        if (last is null || !ReferenceEquals(last.Item1, token))
        {
            _last = last = Tuple.Create(token, _prefix + token);
        }

        request.Headers.TryAddWithoutValidation(Name, last.Item2);
        return new TokenOnRequest(request, Name);
    }

    private static string PrefixOf(TokenHeaderOptions options)
    {
        string? scheme = options.Scheme ?? (options.Name.Equals(FieldNames.Authorization, StringComparison.OrdinalIgnoreCase) ? Bearer : null);
        return string.IsNullOrEmpty(scheme) ? "" : scheme + " ";
    }
}
