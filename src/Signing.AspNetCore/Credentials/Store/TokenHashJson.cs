using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signing.AspNetCore;

// A hash as 64 hexadecimal digits.
internal sealed class TokenHashJson : JsonConverter<TokenHash>
{
    public override TokenHash Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TokenHash.TryParse(reader.GetString(), out TokenHash hash) ? hash : throw new JsonException("A hash has 64 hexadecimal digits.");

    public override void Write(Utf8JsonWriter writer, TokenHash value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
