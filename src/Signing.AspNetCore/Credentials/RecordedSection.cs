using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Signing.AspNetCore;

/// <summary>Hashes what is read of a section, so that two readings can be compared; it has no more passes through the configuration than its reader.</summary>
/// <remarks>A change is often announced where there is none: a file was touched, a vault was asked again, or a watched folder cannot be read.</remarks>
internal sealed class RecordedSection(IConfigurationSection inner, IncrementalHash record) : IConfigurationSection
{
    public string Key => inner.Key;

    public string Path => inner.Path;

    public string? Value
    {
        get => Recorded(inner.Path, inner.Value);
        set => throw new NotSupportedException("It is read.");
    }

    public string? this[string key]
    {
        get => Recorded(key, inner[key]);
        set => throw new NotSupportedException("It is read.");
    }

    public IConfigurationSection GetSection(string key) => new RecordedSection(inner.GetSection(key), record);

    public IEnumerable<IConfigurationSection> GetChildren()
    {
        foreach (IConfigurationSection child in inner.GetChildren())
        {
            _ = Recorded(child.Path, "");
            yield return new RecordedSection(child, record);
        }
    }

    public IChangeToken GetReloadToken() => inner.GetReloadToken();

    // Each text behind its length, so that no two sequences of texts are the same bytes.
    private string? Recorded(string name, string? value)
    {
        Append(name);
        Append(value);
        return value;
    }

    private void Append(string? text)
    {
        int length = text?.Length ?? -1;
        record.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in length)));
        record.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
    }
}
