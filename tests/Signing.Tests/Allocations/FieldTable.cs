#if !DEBUG // For CoreAllocationTests alone.
namespace Signing.Tests.Allocations;

/// <summary>A request whose fields stand in an array, so that looking one up allocates nothing.</summary>
internal readonly struct FieldTable((string Name, string Value)[] fields, string target = "/orders?id=7") : ISignableMessage
{
    public ReadOnlySpan<char> Method => "POST";

    public ReadOnlySpan<char> Scheme => "https";

    public ReadOnlySpan<char> Authority => "api.example.com";

    public ReadOnlySpan<char> RequestTarget => target;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        ReadOnlySpan<char> line = default;
        count = 0;
        foreach ((string name, string value) in fields)
        {
            if (lowerCaseName.SequenceEqual(name) && count++ == index)
            {
                line = value;
            }
        }

        return line;
    }
}
#endif
