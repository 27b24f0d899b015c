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
            || type == typeof(JsonContent);
    }
}
