using System.Globalization;
using System.Text;

namespace Signing.Tests.Reference;

/// <summary>RFC 9651 §4.1. Strict serialisation; fails with a <see cref="FormatException"/> on what no field can hold.</summary>
public static class SfSerializer
{
    // §4.1.1
    public static string List(IEnumerable<SfMember> members) => string.Join(", ", members.Select(Member));

    // §4.1.1.1
    public static string InnerList(SfInnerList list) => $"({string.Join(' ', list.Items.Select(Item))}){Parameters(list.Parameters)}";

    // §4.1.1.2
    public static string Parameters(IEnumerable<SfParameter> parameters) =>
        string.Concat(parameters.Select(p => p.Value.IsTrue ? $";{Key(p.Key)}" : $";{Key(p.Key)}={BareItem(p.Value)}"));

    // §4.1.1.3
    public static string Key(string key) =>
        key.Length > 0 && key[0] is '*' or (>= 'a' and <= 'z')
            && key.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-' or '.' or '*')
            ? key
            : throw new FormatException("not a key");

    // §4.1.2
    public static string Dictionary(IEnumerable<SfEntry> dictionary) =>
        string.Join(", ", dictionary.Select(entry => entry.Member is SfItem { Value.IsTrue: true } item
            ? Key(entry.Key) + Parameters(item.Parameters)
            : $"{Key(entry.Key)}={Member(entry.Member)}"));

    // §4.1.3
    public static string Item(SfItem item) => BareItem(item.Value) + Parameters(item.Parameters);

    public static string Member(SfMember member) => member is SfInnerList list ? InnerList(list) : Item((SfItem)member);

    // §4.1.3.1
    public static string BareItem(SfBareItem item) => item.Kind switch
    {
        SfKind.Integer => Integer((long)item.Value),
        SfKind.Decimal => Decimal((decimal)item.Value),
        SfKind.String => String((string)item.Value),
        SfKind.Token => (string)item.Value,
        SfKind.ByteSequence => $":{ReferenceBase64.Encode((byte[])item.Value)}:",
        SfKind.Boolean => item.IsTrue ? "?1" : "?0",
        SfKind.Date => $"@{Integer((long)item.Value)}",
        SfKind.DisplayString => DisplayString((string)item.Value),
        _ => throw new FormatException("no such type"),
    };

    // §4.1.4
    private static string Integer(long value) =>
        value is >= -999_999_999_999_999 and <= 999_999_999_999_999
            ? value.ToString(CultureInfo.InvariantCulture)
            : throw new FormatException("more than 15 digits");

    // §4.1.5
    private static string Decimal(decimal value)
    {
        var rounded = Math.Round(value, 3, MidpointRounding.ToEven);
        if (Math.Abs(rounded) >= 1_000_000_000_000m)
        {
            throw new FormatException("more than 12 integer digits");
        }

        // "If input_decimal is less than (but not equal to) 0": a negative zero loses its sign.
        var sign = rounded < 0 ? "-" : "";
        return sign + Math.Abs(rounded).ToString("0.0##", CultureInfo.InvariantCulture);
    }

    // §4.1.6
    private static string String(string value) =>
        value.All(c => c is >= ' ' and <= '~')
            ? $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : throw new FormatException("a string holds printable ASCII");

    // §4.1.11
    private static string DisplayString(string value) =>
        $"%\"{string.Concat(Encoding.UTF8.GetBytes(value).Select(b => b is (byte)'%' or (byte)'"' or < 0x20 or > 0x7e
            ? $"%{b:x2}"
            : ((char)b).ToString()))}\"";
}
