#if !DEBUG // For ResponseAllocationTests alone.
using Signing.Tests.Allocations;

namespace Signing.Tests.Responses;

/// <summary>A response, and the request it answers, whose fields stand in arrays, so that looking one up allocates nothing.</summary>
internal readonly struct ResponseTable((string Name, string Value)[] fields, (string Name, string Value)[] requestFields, string label) : ISignableMessage
{
    public static bool IsResponse => true;

    public ReadOnlySpan<char> Method => "POST";

    public ReadOnlySpan<char> Scheme => "https";

    public ReadOnlySpan<char> Authority => "api.example.com";

    public ReadOnlySpan<char> RequestTarget => "/orders?id=7";

    public int Status => 200;

    public ReadOnlySpan<char> RequestLabel => label;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count) =>
        new FieldTable(fields).GetFieldLine(lowerCaseName, index, out count);

    public ReadOnlySpan<char> GetRequestFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count) =>
        new FieldTable(requestFields).GetFieldLine(lowerCaseName, index, out count);
}
#endif
