using System.Text;

namespace Signing;

/// <summary>RFC 9421 §4. Reads one signature of a captured message, whatever a policy may think of it.</summary>
internal sealed class CapturedSignature
{
    private const int MaxBytes = 1024;

    private CapturedSignature(string text, List<string> components, string parameters)
    {
        Text = text;
        Components = components;
        Parameters = parameters;
    }

    /// <summary>Gets the covered components and the parameters as received.</summary>
    public string Text { get; }

    /// <summary>Gets the identifiers of the covered components, as received.</summary>
    public IReadOnlyList<string> Components { get; }

    /// <summary>Gets the parameters as received, the semicolon before the first included.</summary>
    public string Parameters { get; }

    /// <summary>Gets the label; <see langword="null"/> if the signature stands in a URL, where it has none.</summary>
    public string? Label { get; private set; }

    /// <summary>Gets the bytes of the value, of whatever length.</summary>
    public byte[] Value { get; private set; } = [];

    public string? KeyId { get; private set; }

    public long? Created { get; private set; }

    public long? Expires { get; private set; }

    /// <summary>Reads the signature of a key id, or the first one if it has none.</summary>
    public static CapturedSignature? Read<T>(in T message, string keyId)
        where T : ISignableMessage
    {
        CapturedSignature? first = null;
        var input = string.Join(", ", LinesOf(message, SignatureInput.FieldName));
        var values = string.Join(", ", LinesOf(message, SignatureField.FieldName));
        var reader = new StructuredFieldReader(input);
        while (reader.TryReadKey(out var label))
        {
            var start = reader.Position;
            var signature = ReadMember(ref reader, input, start);
            if (signature is null || !signature.TryReadValue(values, label))
            {
                continue;
            }

            if (signature.KeyId == keyId)
            {
                return signature;
            }

            first ??= signature;
        }

        return first;
    }

    /// <summary>Makes the signature of which the last line of a base tells.</summary>
    public static CapturedSignature OfBase(string signatureBase, ReadOnlySpan<byte> mac)
    {
        var text = signatureBase[(signatureBase.LastIndexOf('\n') + SignatureBaseText.Parameters.Length + ": ".Length + 1)..];
        var reader = new StructuredFieldReader(text);
        var signature = ReadMember(ref reader, text, 0)!;
        signature.Value = mac.ToArray();
        return signature;
    }

    public static string[] LinesOf<T>(in T message, string name)
        where T : ISignableMessage
    {
        message.GetFieldLine(name, 0, out var count);
        var lines = new string[count];
        for (var i = 0; i < count; i++)
        {
            lines[i] = message.GetFieldLine(name, i, out _).Trim(" \t").ToString();
        }

        return lines;
    }

    /// <summary>Writes the base of a list of components with its parameters; <see langword="null"/> if one has no value.</summary>
    public static string? BaseOf<T>(in T message, string text, VerificationPolicy policy)
        where T : ISignableMessage
    {
        var buffer = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        var status = SignatureBase.Write(message, text, isCanonical: false, policy.FieldTypes, ref buffer);
        var written = status == SignatureStatus.Verified ? Encoding.ASCII.GetString(buffer.Written) : null;
        buffer.Dispose();
        return written;
    }

    private static CapturedSignature? ReadMember(ref StructuredFieldReader reader, string input, int start)
    {
        if (!reader.TryReadInnerListStart())
        {
            StructuredFieldSkipper.SkipValue(ref reader);
            return null;
        }

        var components = new List<string>();
        while (reader.TryReadInnerItem(out var item))
        {
            var from = reader.Position - item.Raw.Length;
            StructuredFieldSkipper.SkipParameters(ref reader);
            components.Add(input[from..reader.Position]);
        }

        var parameters = reader.Position;
        string? keyId = null;
        long? created = null;
        long? expires = null;
        while (reader.TryReadParameter(out var name, out var value))
        {
            keyId = name is "keyid" && value.Type == BareItemType.String ? Unescaped(value) : keyId;
            created = name is "created" && value.Type == BareItemType.Integer ? value.Number : created;
            expires = name is "expires" && value.Type == BareItemType.Integer ? value.Number : expires;
        }

        return reader.Failed ? null : new CapturedSignature(input[start..reader.Position], components, input[parameters..reader.Position]) { KeyId = keyId, Created = created, Expires = expires };
    }

    private static string Unescaped(in BareItem value)
    {
        var text = new char[value.Content.Length];
        value.TryCopyString(text, out var written);
        return new string(text, 0, written);
    }

    private bool TryReadValue(string values, ReadOnlySpan<char> label)
    {
        var reader = new StructuredFieldReader(values);
        while (reader.TryReadKey(out var key))
        {
            if (!key.SequenceEqual(label))
            {
                StructuredFieldSkipper.SkipValue(ref reader);
                continue;
            }

            var bytes = new byte[MaxBytes];
            if (!reader.TryReadBareItem(out var item) || !item.TryDecodeBytes(bytes, out var written))
            {
                return false;
            }

            Label = label.ToString();
            Value = bytes[..written];
            return true;
        }

        return false;
    }
}
