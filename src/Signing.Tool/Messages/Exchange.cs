using System.Net.Http.Headers;

namespace Signing.Tool;

/// <summary>Stands next to the connection: keeps the last request as it was sent, and shows requests and answers as they pass.</summary>
internal sealed class Exchange(Terminal? shownOn, HttpMessageHandler connection) : DelegatingHandler(connection)
{
    /// <summary>The last request that was sent.</summary>
    public RawRequest? Sent { get; private set; }

    /// <summary>When it was sent, and when its answer began.</summary>
    public (DateTimeOffset From, DateTimeOffset To) Times { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sent = SentRequest.Of(request);
        Show('>', $"{Sent.MethodText} {Sent.Target} {Sent.Version}", request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? []), Sent.AuthorityText);
        DateTimeOffset from = TimeProvider.System.GetUtcNow();
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        Times = (from, TimeProvider.System.GetUtcNow());
        Show('<', $"HTTP/{response.Version.ToString(2)} {(int)response.StatusCode} {response.ReasonPhrase}", response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated), host: null);
        return response;
    }

    private void Show(char mark, string start, IEnumerable<KeyValuePair<string, HeaderStringValues>> fields, string? host)
    {
        if (shownOn is null)
        {
            return;
        }

        shownOn.Say($"{mark} {Printable.Of(start)}");
        if (host is not null && !fields.Any(field => field.Key.Equals("Host", StringComparison.OrdinalIgnoreCase)))
        {
            shownOn.Say($"{mark} Host: {host}");
        }

        foreach ((string name, HeaderStringValues lines) in fields)
        {
            // The signature is what is looked at here; it is of this one request.
            bool hides = TokenField.Carries($"\"{name.ToLowerInvariant()}\"") && !name.StartsWith("Signature", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("WWW-Authenticate", StringComparison.OrdinalIgnoreCase) && !name.Equals("Accept-Signature", StringComparison.OrdinalIgnoreCase);
            foreach (string line in lines)
            {
                shownOn.Say($"{mark} {Printable.Of(name)}: {(hides ? ShownValue.NotShown(line) : Printable.Of(line))}");
            }
        }

        shownOn.Say(mark.ToString());
    }
}
