using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signing.AspNetCore;

// The document as JSON, strict in both directions: what is unknown, missing, null or double is an error.
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    Converters = [typeof(TokenHashJson)])]
[JsonSerializable(typeof(CredentialDocument))]
[JsonSerializable(typeof(AuditEvent))]
internal sealed partial class CredentialJson : JsonSerializerContext;
