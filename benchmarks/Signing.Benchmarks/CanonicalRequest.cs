using System.Runtime.CompilerServices;

namespace Signing.Benchmarks;

/// <summary>The request that every table measures: six header fields, two of them signed and two the signature.</summary>
/// <remarks>Names are found by walking a small array, about as fast as a server finds them in its header dictionary.</remarks>
public readonly struct CanonicalRequest(string method, string target, params KeyValuePair<string, string>[] fields) : ISignableMessage
{
    public ReadOnlySpan<char> Method => method;

    public ReadOnlySpan<char> Scheme => "https";

    public ReadOnlySpan<char> Authority => "api.example.com";

    public ReadOnlySpan<char> RequestTarget => target;

    // Not inlined, as a real adapter is not: it asks a header dictionary.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int CountFieldLines(ReadOnlySpan<char> lowerCaseName)
    {
        int lines = 0;
        foreach (KeyValuePair<string, string> field in fields)
        {
            lines += lowerCaseName.SequenceEqual(field.Key) ? 1 : 0;
        }

        return lines;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index)
    {
        foreach (KeyValuePair<string, string> field in fields)
        {
            if (lowerCaseName.SequenceEqual(field.Key) && index-- == 0)
            {
                return field.Value;
            }
        }

        return default;
    }
}
