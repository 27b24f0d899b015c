using Signing.Tests.Reference;

namespace Signing.Tests.Fuzz;

/// <summary>Counts how often the core asks a request for a line of the signature.</summary>
public readonly struct CountingMessage(ReferenceRequest request, CountingMessage.Calls calls) : ISignableMessage
{
    private readonly Dictionary<string, IReadOnlyList<string>> _lines =
        request.Fields.Select(field => field.Key.ToUpperInvariant()).Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, request.Lines, StringComparer.OrdinalIgnoreCase);

    public ReadOnlySpan<char> Method => request.Method;

    public ReadOnlySpan<char> Scheme => request.Scheme;

    public ReadOnlySpan<char> Authority => request.Authority;

    public ReadOnlySpan<char> RequestTarget => request.Target;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        calls.Lines += lowerCaseName.StartsWith("signature", StringComparison.Ordinal) ? 1 : 0;
        count = _lines.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(lowerCaseName, out var lines) ? lines.Count : 0;
        return index < count ? lines![index] : default;
    }

    public sealed class Calls
    {
        public int Lines { get; set; }
    }
}
