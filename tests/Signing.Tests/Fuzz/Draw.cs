using System.Text;

namespace Signing.Tests.Fuzz;

/// <summary>Random choices that one seed repeats, and the mutations every generator shares.</summary>
public sealed class Draw(int seed)
{
    // What parsers stumble over, besides the ordinary.
    private const string Interesting = "\"\\()=;,:?@%*-._/+ \t'!#$&^`|~<>[]{}\0\n\r\x7fé01359aAfFzZ";

    private readonly Random _random = new(seed);

    public int Below(int limit) => _random.Next(limit);

    public bool OneIn(int n) => _random.Next(n) == 0;

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    public string Repeat(int max, Func<string> part, string separator = "") =>
        string.Join(separator, Enumerable.Range(0, _random.Next(max + 1)).Select(_ => part()));

    public char Character() => Interesting[_random.Next(Interesting.Length)];

    public string Spaces(string otherwise) => _random.Next(6) switch
    {
        0 => "",
        1 => "  ",
        2 => "\t",
        3 => " ",
        _ => otherwise,
    };

    // One change: a character put in, taken out or replaced, a piece doubled, dropped or moved.
    public string Mutate(string text)
    {
        var at = _random.Next(text.Length + 1);
        var length = Math.Min(_random.Next(1, 9), text.Length - at);
        var builder = new StringBuilder(text);
        switch (_random.Next(6))
        {
            case 0:
                builder.Insert(at, Character());
                break;
            case 1:
                builder.Remove(at, Math.Min(1, length));
                break;
            case 2:
                builder.Remove(at, Math.Min(1, length)).Insert(at, Character());
                break;
            case 3:
                builder.Insert(at, text.AsSpan(at, length));
                break;
            case 4:
                builder.Remove(at, length);
                break;
            default:
                builder.Remove(at, length).Insert(_random.Next(builder.Length + 1), text.AsSpan(at, length));
                break;
        }

        return builder.ToString();
    }

    public string MutateSometimes(string text, int oneIn)
    {
        while (OneIn(oneIn))
        {
            text = Mutate(text);
        }

        return text;
    }
}
