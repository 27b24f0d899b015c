using System.Net.Http.Headers;
using System.Text.Json;

namespace Signing.Tool;

/// <summary>The admin API of <c>Signing.Management</c>, as far as it is about keys.</summary>
internal sealed class ManagementApi(Caller caller, Uri server, string? token)
{
    private const string Prefix = "/api/v1";

    private readonly string _address = server.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <summary>Makes the failure for an answer that the admin API does not give.</summary>
    public static ToolFailure Foreign() =>
        ToolFailure.Refused("What answers at this address is not the admin API: --server is the address of MapSigningManagement, such as https://ops.example.com/signing.");

    /// <summary>Lists credentials, page after page.</summary>
    /// <param name="filters">The parameters of the query; one without a value is left out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ToolFailure">The server refuses, or what answers is not the admin API.</exception>
    public async Task<List<JsonElement>> ListAsync(IEnumerable<(string Name, string? Value)> filters, CancellationToken cancellationToken)
    {
        string query = string.Join('&', filters.Where(filter => filter.Value is not null).Select(filter => $"{filter.Name}={Uri.EscapeDataString(filter.Value!)}").Append("limit=200"));
        var all = new List<JsonElement>();
        for (string? after = ""; after is not null;)
        {
            JsonElement page = await SendAsync(HttpMethod.Get, $"/credentials?{query}{(after.Length == 0 ? "" : $"&after={Uri.EscapeDataString(after)}")}", null, cancellationToken).ConfigureAwait(false);
            if (!page.TryGetProperty("items", out JsonElement items) || items.ValueKind != JsonValueKind.Array)
            {
                throw Foreign();
            }

            all.AddRange(items.EnumerateArray());
            after = page.TryGetProperty("next", out JsonElement next) && next.ValueKind == JsonValueKind.String ? next.GetString() : null;
        }

        return all;
    }

    public Task<JsonElement> CreateAsync(Action<Utf8JsonWriter> body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, "/credentials", body, cancellationToken);

    /// <summary>Changes the life of a credential.</summary>
    /// <param name="idOrKey">Its id, or its Key.</param>
    /// <param name="change"><c>rotate</c>, <c>suspend</c> and the like.</param>
    /// <param name="body">What the change has to say.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What the answer tells: the credential as it is now, or, of a rotation, the credential and its new Secret.</returns>
    /// <exception cref="ToolFailure">There is no such credential, or the server refuses the change.</exception>
    public async Task<JsonElement> ChangeAsync(string idOrKey, string change, Action<Utf8JsonWriter> body, CancellationToken cancellationToken)
    {
        string id = await FindAsync(idOrKey, cancellationToken).ConfigureAwait(false);
        return await SendAsync(HttpMethod.Post, $"/credentials/{Uri.EscapeDataString(id)}:{change}", body, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> FindAsync(string idOrKey, CancellationToken cancellationToken)
    {
        if (idOrKey.StartsWith("crd_", StringComparison.Ordinal))
        {
            return idOrKey;
        }

        foreach (JsonElement row in await ListAsync([("q", idOrKey)], cancellationToken).ConfigureAwait(false))
        {
            if (KeyRow.Text(row, "key") == idOrKey)
            {
                return KeyRow.Text(row, "id");
            }
        }

        throw ToolFailure.Refused("There is no credential with this id or Key that you may see.");
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, Action<Utf8JsonWriter>? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri($"{_address}{Prefix}{path}"));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(BytesOf(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using HttpResponseMessage response = await (body is null ? caller.SendAsync(request, cancellationToken) : ChangeAsync(request, cancellationToken)).ConfigureAwait(false);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw Refusal(response, answer);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw Foreign();
        }
        catch (JsonException)
        {
            throw Foreign();
        }
    }

    // What has been sent may have been done, and a Secret that was made then has been seen by nobody.
    private async Task<HttpResponseMessage> ChangeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        const string Unknown = "Whether the server has made the change is not known: signing keys list shows it.";
        try
        {
            return await caller.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new ToolFailure(ExitCode.Stopped, $"Stopped before the answer came. {Unknown}");
        }
        catch (ToolFailure late) when (late.ExitCode == ExitCode.Refused)
        {
            throw ToolFailure.Refused($"{late.Message} {Unknown}");
        }
        catch (HttpRequestException lost) when (lost.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.Unknown)
        {
            throw ToolFailure.Refused($"{Printable.Of(lost.Message)} {Unknown}");
        }
    }

    private static byte[] BytesOf(Action<Utf8JsonWriter> body)
    {
        var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            body(writer);
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static ToolFailure Refusal(HttpResponseMessage response, byte[] answer)
    {
        int status = (int)response.StatusCode;
        string said = Problem.Said(Problem.Read(answer));
        string hint = status switch
        {
            401 => " Give a Key and its Secret, or an ApiToken (SIGNING_TOKEN), that the server knows.",
            403 => " The credential needs the scope signing.manage, and the policies of the server have to admit it.",
            404 when said == "." => " --server is the address of MapSigningManagement, such as https://ops.example.com/signing.",
            _ => "",
        };
        return ToolFailure.Refused($"The server answered {status}{said}{hint}");
    }
}
