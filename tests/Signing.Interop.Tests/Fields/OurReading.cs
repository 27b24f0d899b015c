using System.Globalization;
using System.Text;

namespace Signing.Interop.Tests.Fields;

/// <summary>What our reader makes of a field, in the words of node/structured-headers.mjs; of equal keys the last wins, in the first's place.</summary>
internal static class OurReading
{
    /// <returns>The meaning; <see langword="null"/> if the field is malformed.</returns>
    public static string? Meaning(string text, FieldType type)
    {
        var reader = new StructuredFieldReader(text);
        string meaning = type switch
        {
            FieldType.List => List(ref reader),
            FieldType.Dictionary => Dictionary(ref reader),
            _ => Item(ref reader),
        };
        return reader.Failed ? null : meaning;
    }

    /// <returns>The field in strict form; <see langword="null"/> if it is malformed or repeats a key.</returns>
    public static string? Canonical(string text, FieldType type)
    {
        var buffer = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        StructuredFieldWriter.WriteField(text, type, ref buffer);
        string? written = buffer.Failed ? null : Encoding.ASCII.GetString(buffer.Written);
        buffer.Dispose();
        return written;
    }

    private static string List(ref StructuredFieldReader reader)
    {
        var members = new List<string>();
        while (reader.TryReadListMember())
        {
            members.Add(Member(ref reader));
        }

        return string.Join(',', members);
    }

    private static string Dictionary(ref StructuredFieldReader reader)
    {
        var members = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        while (reader.TryReadKey(out ReadOnlySpan<char> key))
        {
            string name = key.ToString();
            members[name] = Member(ref reader);
        }

        return string.Join(',', members.Select(member => $"{member.Key}={member.Value}"));
    }

    private static string Item(ref StructuredFieldReader reader)
    {
        string item = reader.TryReadBareItem(out BareItem bare) ? BareItem(bare) + Parameters(ref reader) : "";
        reader.TryReadEnd();
        return item;
    }

    private static string Member(ref StructuredFieldReader reader)
    {
        if (!reader.TryReadInnerListStart())
        {
            return reader.TryReadBareItem(out BareItem bare) ? BareItem(bare) + Parameters(ref reader) : "";
        }

        var items = new List<string>();
        while (reader.TryReadInnerItem(out BareItem item))
        {
            items.Add(BareItem(item) + Parameters(ref reader));
        }

        return $"({string.Join(' ', items)})" + Parameters(ref reader);
    }

    private static string Parameters(ref StructuredFieldReader reader)
    {
        var parameters = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        while (reader.TryReadParameter(out ReadOnlySpan<char> key, out BareItem value))
        {
            parameters[key.ToString()] = BareItem(value);
        }

        return string.Concat(parameters.Select(parameter => $";{parameter.Key}={parameter.Value}"));
    }

    private static string BareItem(in BareItem item) => item.Type switch
    {
        BareItemType.Integer => string.Create(CultureInfo.InvariantCulture, $"number {item.Number}"),
        BareItemType.Decimal when item.Number % 1000 == 0 => string.Create(CultureInfo.InvariantCulture, $"number {item.Number / 1000}"),
        BareItemType.Decimal => string.Create(CultureInfo.InvariantCulture, $"number {item.Number / 1000m:0.000}"),
        BareItemType.Date => string.Create(CultureInfo.InvariantCulture, $"date {item.Number}"),
        BareItemType.Boolean => item.Number == 1 ? "boolean true" : "boolean false",
        BareItemType.Token => "token " + Hex(Encoding.UTF8.GetBytes(item.Content.ToString())),
        BareItemType.String => "string " + Hex(Encoding.UTF8.GetBytes(Unescaped(item))),
        BareItemType.ByteSequence => "bytes " + Hex(Decoded(item)),
        _ => "display " + Hex(PercentDecoded(item.Content)),
    };

    private static string Unescaped(in BareItem item)
    {
        char[] characters = new char[item.Content.Length];
        Assert.True(item.TryCopyString(characters, out int written));
        return new string(characters, 0, written);
    }

    private static byte[] Decoded(in BareItem item)
    {
        byte[] bytes = new byte[(item.Content.Length / 4 * 3) + 3];
        Assert.True(item.TryDecodeBytes(bytes, out int written));
        return bytes[..written];
    }

    private static byte[] PercentDecoded(ReadOnlySpan<char> content)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < content.Length; i++)
        {
            if (content[i] != '%')
            {
                bytes.Add((byte)content[i]);
                continue;
            }

            bytes.Add(byte.Parse(content.Slice(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            i += 2;
        }

        return [.. bytes];
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
