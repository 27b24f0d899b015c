using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Signing.Interop.Tests.Support;
using Signing.Tests.Fuzz;

namespace Signing.Interop.Tests.Fields;

/// <summary>Fields from fixed seeds, valid and broken, read by our reader and by structured-headers.</summary>
public sealed partial class GeneratedFields : IAsyncLifetime
{
    private const int Cases = 15_000;

    private static readonly FieldType[] Types = [FieldType.List, FieldType.Dictionary, FieldType.Item];

    private readonly JsonLines _library = JsonLines.Start("structured-headers");

    public IReadOnlyList<Field> All { get; private set; } = [];

    /// <summary>Gets the fields that have no Date.</summary>
    public IEnumerable<Field> Undated => All.Where(static one => !DateSign().IsMatch(one.Text));

    /// <summary>Gets the fields that have Dates, each beside one that has Integers in their place.</summary>
    public IReadOnlyList<(Field Field, Field WithIntegers)> Dated { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        All = await Task.WhenAll(Enumerable.Range(0, Cases).Select(seed => ReadAsync(Types[seed % Types.Length], Generate(new Draw(seed), Types[seed % Types.Length]))));
        Dated = await Task.WhenAll(All.Except(Undated).Select(async field => (field, await ReadAsync(field.Type, DateSign().Replace(field.Text, "")))));
    }

    /// <summary>Has both sides read one field.</summary>
    public async Task<Field> ReadAsync(FieldType type, string text)
    {
        JsonElement answer = await _library.AskAsync(new JsonObject { ["type"] = type.ToString(), ["text"] = text });
        return new Field(
            type,
            text,
            OurReading.Meaning(text, type),
            OurReading.Canonical(text, type),
            answer.GetProperty("meaning").GetString(),
            answer.TryGetProperty("canonical", out JsonElement canonical) ? canonical.GetString() : null);
    }

    public ValueTask DisposeAsync() => _library.DisposeAsync();

    private static string Generate(Draw draw, FieldType type)
    {
        var text = new StructuredText(draw);
        if (draw.OneIn(20))
        {
            return text.Garbage();
        }

        string valid = type switch
        {
            FieldType.List => text.List(),
            FieldType.Dictionary => text.Dictionary(),
            _ => text.Item(),
        };
        return draw.MutateSometimes(valid, 4);
    }

    [GeneratedRegex("@(?=-?[0-9])")]
    private static partial Regex DateSign();
}
