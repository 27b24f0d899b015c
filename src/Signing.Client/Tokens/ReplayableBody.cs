using System.Collections;
using System.Net.Http.Json;

namespace Signing.Client;

/// <summary>Says whether a body can be sent a second time, byte for byte.</summary>
internal static class ReplayableBody
{
    // Exactly these types: a derived one may write something else each time.
    public static bool Is(HttpContent? content)
    {
        if (content is null or BufferedContent)
        {
            return true;
        }

        Type type = content.GetType();
        if (type == typeof(StreamContent))
        {
            return content.ReadAsStream().CanSeek;
        }

        if (type == typeof(MultipartFormDataContent) || type == typeof(MultipartContent))
        {
            return ((MultipartContent)content).All(Is);
        }

        return type == typeof(ByteArrayContent)
            || type == typeof(StringContent)
            || type == typeof(FormUrlEncodedContent)
            || type == typeof(ReadOnlyMemoryContent)
            || (content is JsonContent json && type == typeof(JsonContent) && !IsSequence(json));
    }

    // What is fetched while it is written, from a queue or a database, may be gone the second time.
    private static bool IsSequence(JsonContent json) =>
        json.ObjectType is { IsGenericType: true } type
        && (type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)
            || (type.GetGenericTypeDefinition() == typeof(IEnumerable<>) && json.Value is not ICollection));
}
