using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Signing;

/// <summary>Writes one JSON value in the ways that the libraries of many languages write it.</summary>
internal sealed class JsonForms
{
    private const string HtmlCharacters = "\"<>&'+`";

    // Indentation can make a hundred times as much of a content that is nested deeply; a longer form is cut off, and fits nothing.
    private const int MaxCharacters = 1024 * 1024;

    private static readonly (string Indent, string Line, string Member, string Name)[] Layouts =
    [
        ("", "", ",", ":"), ("", "", ", ", ": "), ("  ", "\n", ",", ": "), ("  ", "\r\n", ",", ": "), ("    ", "\n", ",", ": "), ("    ", "\r\n", ",", ": "), ("\t", "\n", ",", ": "),
    ];

    private readonly StringBuilder _text = new();
    private readonly (string Indent, string Line, string Member, string Name) _layout;
    private readonly bool _sorted;
    private readonly JsonEscapes _escapes;

    private JsonForms((string Indent, string Line, string Member, string Name) layout, bool sorted, JsonEscapes escapes)
    {
        _layout = layout;
        _sorted = sorted;
        _escapes = escapes;
    }

    public static List<string> Of(JsonElement value)
    {
        var forms = new List<string>();
        foreach (var layout in Layouts)
        {
            foreach (var sorted in (bool[])[false, true])
            {
                foreach (var escapes in Enum.GetValues<JsonEscapes>())
                {
                    var form = new JsonForms(layout, sorted, escapes);
                    form.Write(value, 0);
                    forms.Add(form._text.ToString());
                }
            }
        }

        return forms;
    }

    private void Write(JsonElement value, int depth)
    {
        if (_text.Length > MaxCharacters)
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = _sorted ? value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal) : (IEnumerable<JsonProperty>)value.EnumerateObject();
                WriteAll('{', '}', members.ToList(), depth, member =>
                {
                    WriteString(member.Name);
                    _text.Append(_layout.Name);
                    Write(member.Value, depth + 1);
                });
                break;
            case JsonValueKind.Array:
                WriteAll('[', ']', value.EnumerateArray().ToList(), depth, item => Write(item, depth + 1));
                break;
            case JsonValueKind.String:
                WriteString(value.GetString()!);
                break;
            default:
                _text.Append(value.GetRawText());
                break;
        }
    }

    private void WriteAll<T>(char open, char close, List<T> items, int depth, Action<T> write)
    {
        _text.Append(open);
        for (var i = 0; i < items.Count && _text.Length <= MaxCharacters; i++)
        {
            _text.Append(i == 0 ? "" : _layout.Member);
            NewLine(depth + 1);
            write(items[i]);
        }

        if (items.Count > 0)
        {
            NewLine(depth);
        }

        _text.Append(close);
    }

    private void NewLine(int depth)
    {
        _text.Append(_layout.Line);
        for (var i = 0; i < depth; i++)
        {
            _text.Append(_layout.Indent);
        }
    }

    private void WriteString(string value)
    {
        _text.Append('"');
        var digits = _escapes == JsonEscapes.Html ? "X4" : "x4";
        foreach (var c in value)
        {
            if (_escapes == JsonEscapes.Html && HtmlCharacters.Contains(c, StringComparison.Ordinal))
            {
                _text.Append(Escape(c, digits));
                continue;
            }

            _text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' => Escape(c, digits),
                > '~' when _escapes != JsonEscapes.Needed => Escape(c, digits),
                _ => c.ToString(),
            });
        }

        _text.Append('"');
    }

    private static string Escape(char c, string format) => "\\u" + ((int)c).ToString(format, CultureInfo.InvariantCulture);
}
