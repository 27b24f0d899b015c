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

    /// <summary>The same request with more fields.</summary>
    public CanonicalRequest With(params KeyValuePair<string, string>[] more) => new(method, target, [.. fields, .. more]);

    // Not inlined, as a real adapter is not: it asks a header dictionary.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        ReadOnlySpan<char> line = default;
        count = 0;
        foreach (KeyValuePair<string, string> field in fields)
        {
            if (lowerCaseName.SequenceEqual(field.Key) && count++ == index)
            {
                line = field.Value;
            }
        }

        return line;
    }
}
