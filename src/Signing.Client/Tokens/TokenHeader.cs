using Microsoft.Extensions.Logging;

namespace Signing.Client;

/// <summary>Puts a token on the requests that get it, and takes it off again: nothing stays on a message that is sent once more.</summary>
internal sealed class TokenHeader(TokenHeaderOptions options, IReadOnlyList<Origin> origins, ILogger log)
{
    private const string Bearer = "Bearer";
    private const int MaxOriginsTold = 8;

    // One value for many requests: the token and what is sent of it.
    private volatile Tuple<string, string>? _last;

    private readonly string _prefix = PrefixOf(options);
    private int _told;

    public string Name { get; } = options.Name;

    /// <summary>Whether the request goes to an origin that gets the token, and neither the caller nor an option forbids it.</summary>
    public bool IsFor(HttpRequestMessage request) => IsFor(request, out _);

    /// <summary>Whether the request goes to an origin that gets the token, and neither the caller nor an option forbids it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="elsewhere">Its origin, if nothing else keeps the token away.</param>
    public bool IsFor(HttpRequestMessage request, out Origin? elsewhere)
    {
        elsewhere = null;
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

        elsewhere = origin;
        return false;
    }

    /// <summary>Tells once that a refused request went without the token because of its origin: nobody would look for that.</summary>
    /// <param name="elsewhere">The origin, if that was why.</param>
    /// <param name="response">The answer.</param>
    public void Explain(Origin? elsewhere, HttpResponseMessage response)
    {
        if (elsewhere is { } origin && TokenRefusal.Is(response) && Interlocked.Exchange(ref _told, 1) == 0)
        {
            log.SentWithoutToken(origin.Host, origin.ToString(), string.Join(", ", origins.Take(MaxOriginsTold)));
        }
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
