using System.Text.Json;

namespace Signing.Tests.Management;

/// <summary>Holds a JSON text against a schema of an OpenAPI 3.1 document: types, enumerations, members that are needed, and none that are not described.</summary>
internal sealed class SchemaCheck(JsonElement document)
{
    /// <summary>Gives what is wrong, each with its place.</summary>
    public IEnumerable<string> Wrongs(JsonElement schema, JsonElement value, string place = "$")
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            return Wrongs(document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), value, place);
        }

        if (schema.TryGetProperty("oneOf", out JsonElement choices))
        {
            return choices.EnumerateArray().Any(choice => !Wrongs(choice, value, place).Any()) ? [] : [$"{place} is none of {schema}"];
        }

        // Whatever else a schema says must be something that is looked at here.
        Assert.All(schema.EnumerateObject(), member => Assert.Contains(member.Name, (string[])["type", "format", "enum", "items", "properties", "additionalProperties", "required", "description", "default"]));
        return WrongsOfType(schema, value, place).Concat(value.ValueKind switch
        {
            JsonValueKind.Object => WrongsOfMembers(schema, value, place),
            JsonValueKind.Array => value.EnumerateArray().SelectMany((item, i) => Wrongs(schema.GetProperty("items"), item, $"{place}[{i}]")),
            _ => [],
        });
    }

    private static IEnumerable<string> WrongsOfType(JsonElement schema, JsonElement value, string place)
    {
        JsonElement type = schema.GetProperty("type");
        string[] types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : [type.GetString()!];
        string own = value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => types.Contains("integer") && value.TryGetInt64(out _) ? "integer" : "number",
            _ => value.ValueKind.ToString().ToLowerInvariant(),
        };
        if (!types.Contains(own))
        {
            yield return $"{place} is {own} and not {type}";
        }

        if (types.Contains("string") && types.Any(one => one is "integer" or "number"))
        {
            yield return $"{place} is described as a text or a number";
        }

        if (own == "string" && schema.TryGetProperty("format", out JsonElement format) && (format.GetString() != "date-time" || !value.TryGetDateTimeOffset(out _)))
        {
            yield return $"{place} is no {format}";
        }

        if (own != "null" && schema.TryGetProperty("enum", out JsonElement words) && !words.EnumerateArray().Any(word => word.GetString() == value.GetString()))
        {
            yield return $"{place} is {value} and none of {words}";
        }
    }

    private IEnumerable<string> WrongsOfMembers(JsonElement schema, JsonElement value, string place)
    {
        foreach (JsonProperty member in value.EnumerateObject())
        {
            bool isDescribed = schema.TryGetProperty("additionalProperties", out JsonElement its) || schema.GetProperty("properties").TryGetProperty(member.Name, out its);
            foreach (string wrong in isDescribed ? Wrongs(its, member.Value, $"{place}.{member.Name}") : [$"{place}.{member.Name} is not described"])
            {
                yield return wrong;
            }
        }

        if (schema.TryGetProperty("required", out JsonElement required))
        {
            foreach (JsonElement name in required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)))
            {
                yield return $"{place}.{name} is missing";
            }
        }
    }
}
