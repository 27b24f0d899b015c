using System.Text;

namespace Signing;

/// <summary>RFC 9421 §3.2. Searches for the base that was signed: that its MAC fits is proof, whoever altered the message.</summary>
internal sealed class BaseSearch(SigningKey key, byte[] mac)
{
    // Characters of all bases that are tried, which takes some seconds at most; an ordinary request needs a tenth of it. Two
    // components at once: what differs in more is found by comparing two bases.
    private const long MaxTried = 400_000_000;

    private long _tried;

    /// <summary>Says whether a base is the one that was signed.</summary>
    public bool Fits(string text) => Fits(key, text);

    /// <summary>Says whether a base was signed with another form of the Secret.</summary>
    public bool Fits(byte[] secret, string text)
    {
        using var other = new SigningKey(key.KeyId, secret);
        return Fits(other, text);
    }

    /// <summary>Finds the base that was signed, with one component altered or two.</summary>
    /// <returns>The base; <see langword="null"/> if none fits.</returns>
    public string? Find(string seen, BaseAlternatives alternatives)
    {
        var lines = seen.Split('\n');
        var values = lines.Select(line => Alternatives(line, alternatives)).ToList();
        for (var first = 0; first < lines.Length; first++)
        {
            if (Try(lines, values, first) is { } found)
            {
                return found;
            }
        }

        for (var first = 0; first < lines.Length; first++)
        {
            foreach (var value in values[first])
            {
                string[] altered = [.. lines];
                altered[first] = value;
                for (var second = first + 1; second < lines.Length; second++)
                {
                    if (Try(altered, values, second) is { } found)
                    {
                        return found;
                    }
                }
            }
        }

        return null;
    }

    private static List<string> Alternatives(string line, BaseAlternatives alternatives)
    {
        var reader = new StructuredFieldReader(line);
        reader.TryReadBareItem(out _);
        StructuredFieldSkipper.SkipParameters(ref reader);
        var component = line[..reader.Position];
        return component == SignatureBaseText.Parameters ? [] : [.. alternatives.Of(component, line[(reader.Position + 2)..]).Select(value => $"{component}: {value}")];
    }

    private string? Try(string[] lines, List<List<string>> values, int index)
    {
        string[] altered = [.. lines];
        foreach (var value in values[index])
        {
            altered[index] = value;
            var text = string.Join('\n', altered);
            _tried += text.Length;
            if (_tried > MaxTried)
            {
                return null;
            }

            if (Fits(text))
            {
                return text;
            }
        }

        return null;
    }

    // Signers that do not refuse what is not ASCII write UTF-8; a decoded path is its bytes.
    private bool Fits(SigningKey tried, string text) =>
        HmacSha256.Verify(tried, Encoding.UTF8.GetBytes(text), mac) || (!Ascii.IsValid(text) && HmacSha256.Verify(tried, Encoding.Latin1.GetBytes(text), mac));
}
