using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Signing;

/// <summary>RFC 9421 §4. Reads the one form that nearly every signed request has, without the reader of all forms.</summary>
/// <remarks>
/// One line in each field, with one label; covered components that a verified signature had before; the parameters of §2.3,
/// each once and without an escape; a MAC with its padding. It refuses nothing: whatever it does not recognise, or the policy
/// does not accept, is read again by <see cref="SignatureInput"/> and <see cref="SignatureField"/>, which say why.
/// </remarks>
internal static class UsualSignature
{
    private const int MaxIntegerDigits = 15;
    private const int MacDigits = 44;

    // RFC 9651 §3.3.3: what a String holds without an escape.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Reads the signature of a message if it has the usual form and the policy accepts it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="acceptance">What the policy accepts, now.</param>
    /// <param name="lists">The lists of components that verified signatures had.</param>
    /// <param name="candidates">Empty; takes the signature.</param>
    /// <returns><see langword="true"/> if the signature was taken; otherwise <see langword="false"/>, nothing written.</returns>
    public static bool TryRead<T>(in T message, in Acceptance acceptance, KnownLists lists, ref SignatureCandidates candidates)
        where T : ISignableMessage
    {
        // What a response covers of its request is no list that is remembered.
        if (T.IsResponse)
        {
            return false;
        }

        var text = message.GetFieldLine(SignatureInput.FieldName, 0, out var lines);
        if (lines != 1 || text.Length > SignatureLimits.MaxSignatureInputLength)
        {
            return false;
        }

        var start = text.IndexOf('=') + 1;
        var place = start == 0 ? KnownLists.None : lists.Find(text[start..]);
        if (place == KnownLists.None || !IsLabel(text[..(start - 1)]))
        {
            return false;
        }

        var list = lists[place];
        Span<byte> mac = stackalloc byte[HmacSha256.MacSize];
        if (!TryReadParameters(text, start + list.Text.Length, out var parameters)
            || acceptance.Check(message, parameters, list.Derived, list.Fields, list.Text) != SignatureStatus.Verified
            || !TryReadMac(message.GetFieldLine(SignatureField.FieldName, 0, out lines), text[..start], mac) || lines != 1)
        {
            return false;
        }

        ref var candidate = ref candidates.Add();
        candidate.Set(label: 0, line: 0, text, start..text.Length, parameters, (list.Fields & CoverageRules.ContentDigestBit) != 0, isCanonical: true, place);
        mac.CopyTo(candidate.ReceivedMac);
        return true;
    }

    private static bool IsLabel(ReadOnlySpan<char> text)
    {
        var isLabel = !text.IsEmpty && CharacterClass.IsKeyStart(text[0]);
        foreach (var c in text)
        {
            isLabel &= CharacterClass.IsKey(c);
        }

        return isLabel;
    }

    private static bool TryReadParameters(ReadOnlySpan<char> text, int at, out SignatureParameters parameters)
    {
        parameters = default;
        while (at < text.Length)
        {
            var rest = text[at..];
            var name = NameOf(rest, out var prefix);
            if (name == SignatureParameterNames.None || (parameters.Present & name) != 0)
            {
                return false;
            }

            parameters.Present |= name;
            rest = rest[prefix..];
            var length = name is SignatureParameterNames.Created or SignatureParameterNames.Expires
                ? ReadInteger(rest, name, ref parameters)
                : ReadString(rest, name, ref parameters);
            if (length == 0)
            {
                return false;
            }

            at += prefix + length;
        }

        return parameters.KeyId.Length <= SignatureLimits.MaxKeyIdLength && ((parameters.Present & SignatureParameterNames.Expires) == 0 || parameters.Expires >= parameters.Created);
    }

    // With its semicolon, equals sign and opening quote.
    private static SignatureParameterNames NameOf(ReadOnlySpan<char> text, out int length)
    {
        var (name, prefix) = (text.Length > 1 ? text[1] : default) switch
        {
            'c' => (SignatureParameterNames.Created, ";created="),
            'k' => (SignatureParameterNames.KeyId, ";keyid=\""),
            'n' => (SignatureParameterNames.Nonce, ";nonce=\""),
            'a' => (SignatureParameterNames.Algorithm, ";alg=\""),
            'e' => (SignatureParameterNames.Expires, ";expires="),
            't' => (SignatureParameterNames.Tag, ";tag=\""),
            _ => (SignatureParameterNames.None, ""),
        };
        length = prefix.Length;
        return text.StartsWith(prefix, StringComparison.Ordinal) ? name : SignatureParameterNames.None;
    }

    // Digits without a leading zero; 0 if it is anything else.
    private static int ReadInteger(ReadOnlySpan<char> text, SignatureParameterNames name, ref SignatureParameters parameters)
    {
        var value = 0L;
        var length = 0;
        while (length < text.Length && length < MaxIntegerDigits && char.IsAsciiDigit(text[length]))
        {
            value = (value * 10) + (text[length++] - '0');
        }

        if (length == 0 || text[0] == '0' || (length < text.Length && text[length] != ';'))
        {
            return 0;
        }

        if (name == SignatureParameterNames.Created)
        {
            parameters.Created = value;
        }
        else
        {
            parameters.Expires = value;
        }

        return length;
    }

    // Up to and with the closing quote; 0 if there is an escape, or no end.
    private static int ReadString(ReadOnlySpan<char> text, SignatureParameterNames name, ref SignatureParameters parameters)
    {
        var length = text.IndexOfAnyExcept(Plain);
        if (length < 0 || text[length] != '"' || (length + 1 < text.Length && text[length + 1] != ';'))
        {
            return 0;
        }

        var content = text[..length];
        switch (name)
        {
            case SignatureParameterNames.KeyId:
                parameters.KeyId = content;
                break;
            case SignatureParameterNames.Algorithm:
                parameters.Algorithm = content;
                break;
            case SignatureParameterNames.Tag:
                parameters.Tag = content;
                break;
        }

        return length + 1;
    }

    // 43 digits and their padding give 32 bytes only if no white space, which the decoder skips, is among them.
    private static bool TryReadMac(ReadOnlySpan<char> line, ReadOnlySpan<char> label, Span<byte> mac)
    {
        Span<byte> digits = stackalloc byte[MacDigits];
        return line.Length == label.Length + MacDigits + 2
            && line.StartsWith(label, StringComparison.Ordinal)
            && line[label.Length] == ':'
            && line[^1] == ':'
            && Ascii.FromUtf16(line.Slice(label.Length + 1, MacDigits), digits, out _) == OperationStatus.Done
            && Base64.DecodeFromUtf8(digits, mac, out _, out var written) == OperationStatus.Done
            && written == HmacSha256.MacSize;
    }
}
