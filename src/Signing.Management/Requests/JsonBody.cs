using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Signing.Management;

/// <summary>Reads the body of a request: JSON, small, and exactly of the shape that the route takes.</summary>
internal static class JsonBody
{
    private const int MaxShownName = 64;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Reads a body; none at all is an empty object.</summary>
    public static async ValueTask<(Body<T>? Body, ProblemAnswer? Refusal)> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, int maxBytes)
        where T : class
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false || context.Request.ContentLength == 0)
        {
            return Parse("{}"u8.ToArray(), type);
        }

        if (!context.Request.HasJsonContentType())
        {
            return (null, ProblemAnswer.Of(ManagementOutcomes.UnsupportedMediaType));
        }

        try
        {
            return await ReadAsync(context, maxBytes).ConfigureAwait(false) is { } bytes
                ? Parse(bytes, type)
                : (null, ProblemAnswer.Of(ManagementOutcomes.BodyTooLarge));
        }
        catch (BadHttpRequestException exception)
        {
            // The server's own limits, and broken framing.
            return (null, ProblemAnswer.Of(exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? ManagementOutcomes.BodyTooLarge : ManagementOutcomes.InvalidRequest));
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            // What the host's request decompression cannot read; which of them depends on the encoding.
            return (null, ProblemAnswer.Of(ManagementOutcomes.InvalidRequest));
        }
    }

    // Null: there is more than is read.
    private static async ValueTask<byte[]?> ReadAsync(HttpContext context, int maxBytes)
    {
        if (context.Request.ContentLength > maxBytes)
        {
            return null;
        }

        PipeReader reader = context.Request.BodyReader;
        while (true)
        {
            // Not cancelled when the caller goes away: Kestrel would stumble over a read that a token has cancelled. The end of
            // the connection ends the read as well.
            ReadResult result = await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            if (result.Buffer.Length > maxBytes)
            {
                reader.AdvanceTo(result.Buffer.End);
                return null;
            }

            if (result.IsCompleted)
            {
                byte[] bytes = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static (Body<T>? Body, ProblemAnswer? Refusal) Parse<T>(byte[] bytes, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            JsonElement root = document.RootElement;
            if (UnknownMember(root, type) is { } unknown)
            {
                string name = unknown.Length > MaxShownName ? unknown[..MaxShownName] : unknown;
                return (null, ProblemAnswer.Of(ManagementOutcomes.UnknownMember, $"The body has a member that this route does not know: {name}"));
            }

            if (HasNullEntry(root))
            {
                return (null, ProblemAnswer.Of(ManagementOutcomes.InvalidRequest, "A list of the body has a null in it."));
            }

            return root.Deserialize(type) is { } value
                ? (new Body<T>(value, root.EnumerateObject().Select(member => member.Name).ToHashSet(StringComparer.Ordinal)), null)
                : (null, ProblemAnswer.Of(ManagementOutcomes.InvalidRequest));
        }
        catch (JsonException exception)
        {
            return (null, ProblemAnswer.Of(ManagementOutcomes.InvalidRequest, exception.Path is { Length: > 1 } path
                ? $"The body is not what this route takes: look at {path}."
                : "The body is not a JSON object that this route takes."));
        }
        catch (InvalidOperationException)
        {
            // The reader's word for half of a surrogate pair, which is no text.
            return (null, ProblemAnswer.Of(ManagementOutcomes.InvalidRequest, "The body has text that is not Unicode."));
        }
    }

    // The serializer takes a null for an entry of any list.
    private static bool HasNullEntry(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Any(static entry => entry.ValueKind == JsonValueKind.Null || HasNullEntry(entry)),
        JsonValueKind.Object => element.EnumerateObject().Any(static member => HasNullEntry(member.Value)),
        _ => false,
    };

    private static string? UnknownMember(JsonElement element, JsonTypeInfo type)
    {
        if (element.ValueKind != JsonValueKind.Object || type.Kind != JsonTypeInfoKind.Object)
        {
            return null;
        }

        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (type.Properties.FirstOrDefault(known => known.Name == member.Name) is not { } property)
            {
                return member.Name;
            }

            if (UnknownMember(member.Value, type.Options.GetTypeInfo(property.PropertyType)) is { } inner)
            {
                return inner;
            }
        }

        return null;
    }
}
