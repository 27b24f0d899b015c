using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signing.AspNetCore;

// The rows as JSON, strict in both directions: what is unknown, missing, null or double is an error.
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(JournalRow[]))]
internal sealed partial class JournalJson : JsonSerializerContext;
