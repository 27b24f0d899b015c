using Signing.Tests.Reference;

namespace Signing.Tests.Fuzz;

/// <summary>Counts how often the core asks a request for a field line.</summary>
public readonly struct CountingMessage(ReferenceRequest request, CountingMessage.Calls calls) : ISignableMessage
{
    private readonly Dictionary<string, IReadOnlyList<string>> _lines =
        request.Fields.Select(field => field.Key.ToUpperInvariant()).Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, request.Lines, StringComparer.OrdinalIgnoreCase);

    public ReadOnlySpan<char> Method => request.Method;

    public ReadOnlySpan<char> Scheme => request.Scheme;

    public ReadOnlySpan<char> Authority => request.Authority;

    public ReadOnlySpan<char> RequestTarget => request.Target;

    public int CountFieldLines(ReadOnlySpan<char> lowerCaseName) => Find(lowerCaseName)?.Count ?? 0;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index)
    {
        calls.Lines++;
        return Find(lowerCaseName)![index];
    }

    private IReadOnlyList<string>? Find(ReadOnlySpan<char> name) =>
        _lines.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var lines) ? lines : null;

    public sealed class Calls
    {
        public int Lines { get; set; }
    }
}
