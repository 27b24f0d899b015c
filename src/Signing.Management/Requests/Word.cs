using System.Collections.Concurrent;
using System.Text.Json;

namespace Signing.Management;

/// <summary>The values of enums as the admin API writes them: <c>keyPair</c>, never a number, and never the value that means nothing.</summary>
internal static class Word
{
    private static readonly ConcurrentDictionary<Enum, string> Words = [];

    public static string Of<T>(T value)
        where T : struct, Enum
        => Words.GetOrAdd(value, static known => JsonNamingPolicy.CamelCase.ConvertName(known.ToString()));

    public static string[] All<T>()
        where T : struct, Enum
        => [.. Values<T>().Select(Of)];

    public static bool TryRead<T>(string? word, out T value)
        where T : struct, Enum
    {
        value = Values<T>().FirstOrDefault(known => Of(known) == word);
        return Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture) != 0;
    }

    private static IEnumerable<T> Values<T>()
        where T : struct, Enum
        => Enum.GetValues<T>().Where(value => !EqualityComparer<T>.Default.Equals(value, default));
}
