#if !DEBUG // For CoreAllocationTests alone.
namespace Signing.Tests.Allocations;

/// <summary>A request whose fields stand in an array, so that looking one up allocates nothing.</summary>
internal readonly struct FieldTable((string Name, string Value)[] fields, string target = "/orders?id=7") : ISignableMessage
{
    public ReadOnlySpan<char> Method => "POST";

    public ReadOnlySpan<char> Scheme => "https";

    public ReadOnlySpan<char> Authority => "api.example.com";

    public ReadOnlySpan<char> RequestTarget => target;

    public int CountFieldLines(ReadOnlySpan<char> lowerCaseName)
    {
        int count = 0;
        foreach ((string name, _) in fields)
        {
            count += lowerCaseName.SequenceEqual(name) ? 1 : 0;
        }

        return count;
    }

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index)
    {
        foreach ((string name, string value) in fields)
        {
            if (lowerCaseName.SequenceEqual(name) && index-- == 0)
            {
                return value;
            }
        }

        return default;
    }
}
#endif
