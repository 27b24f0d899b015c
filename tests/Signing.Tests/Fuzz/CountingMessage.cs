using Signing.Tests.Reference;

namespace Signing.Tests.Fuzz;

/// <summary>Counts how often the core asks a request for a line of the signature.</summary>
public readonly struct CountingMessage(ReferenceRequest request, CountingMessage.Calls calls) : ISignableMessage
{
    private readonly (string Name, IReadOnlyList<string> Lines)[] _fields = FieldsOf(request);

    public ReadOnlySpan<char> Method => request.Method;

    public ReadOnlySpan<char> Scheme => request.Scheme;

    public ReadOnlySpan<char> Authority => request.Authority;

    public ReadOnlySpan<char> RequestTarget => request.Target;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count)
    {
        calls.Lines += lowerCaseName.StartsWith("signature", StringComparison.Ordinal) ? 1 : 0;
        foreach ((string name, IReadOnlyList<string> lines) in _fields)
        {
            if (lowerCaseName.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                count = lines.Count;
                return index < count ? lines[index] : default;
            }
        }

        count = 0;
        return default;
    }

    private static (string Name, IReadOnlyList<string> Lines)[] FieldsOf(ReferenceRequest request) =>
        [.. request.Fields.Select(field => field.Key).Distinct(StringComparer.OrdinalIgnoreCase).Select(name => (name, request.Lines(name)))];

    public sealed class Calls
    {
        public int Lines { get; set; }
    }
}
