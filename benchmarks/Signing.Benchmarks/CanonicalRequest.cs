namespace Signing.Benchmarks;

/// <summary>The request that every table measures: a POST with six headers, of which two are signed.</summary>
/// <remarks>Names are found by walking a small array, about as fast as a server finds them in its header dictionary.</remarks>
public readonly struct CanonicalRequest(params KeyValuePair<string, string>[] fields) : ISignableMessage
{
    public ReadOnlySpan<char> Method => "POST";

    public ReadOnlySpan<char> Scheme => "https";

    public ReadOnlySpan<char> Authority => "api.example.com";

    public ReadOnlySpan<char> RequestTarget => "/v1/orders/3f2a9c/items?currency=EUR&limit=50";

    public int CountFieldLines(ReadOnlySpan<char> lowerCaseName)
    {
        int lines = 0;
        foreach (KeyValuePair<string, string> field in fields)
        {
            lines += lowerCaseName.SequenceEqual(field.Key) ? 1 : 0;
        }

        return lines;
    }

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
