#if NET9_0_OR_GREATER
using System.Buffers;
#endif
using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Signing.Tests.Support;

[assembly: AssemblyFixture(typeof(Canary))]

namespace Signing.Tests.Support;

/// <summary>Sees every line that any test of the run logs, from Trace on, and fails the run if a secret stands in one.</summary>
/// <remarks>
/// What was issued by us is recognised by its form; a secret that a test makes up is told to <see cref="Watch"/>. The lines
/// are searched when the run ends, because a secret may be told of after it was logged.
/// </remarks>
public sealed partial class Canary : IDisposable
{
    // On the disk, because other tests measure what stays in memory.
    private static readonly string Path = System.IO.Path.GetTempFileName();
    private static readonly StreamWriter Lines = new(new FileStream(Path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
    private static readonly ConcurrentDictionary<string, bool> Secrets = new(StringComparer.Ordinal);

    /// <summary>Names secrets that must stand in no line.</summary>
    public static void Watch(params ReadOnlySpan<string> secrets)
    {
        foreach (string secret in secrets)
        {
            Secrets.TryAdd(secret, true);
        }
    }

    /// <summary>Keeps a line with all that a logger could make of it.</summary>
    public static void See<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string line = formatter(state, exception);
        See(exception is null ? line : $"{line} {exception}");
        foreach (string text in TextsOf(state))
        {
            if (!line.Contains(text, StringComparison.Ordinal))
            {
                See(text);
            }
        }
    }

    /// <summary>Gives the texts that a logger finds in a line that takes its values apart.</summary>
    public static IEnumerable<string> TextsOf<TState>(TState state)
    {
        foreach ((_, object? value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
        {
            // Of header fields the values are a sequence, whatever the line shows of them. What is neither shows itself by ToString in the line.
            foreach (string text in value as IEnumerable<string> ?? (value is string alone ? [alone] : []))
            {
                yield return text;
            }
        }
    }

    /// <summary>Keeps a line that a program of ours printed.</summary>
    public static void See(string line)
    {
        lock (Lines)
        {
            Lines.WriteLine(line);
        }
    }

    /// <summary>Counts how often a line was seen.</summary>
    public static int Count(string line)
    {
        lock (Lines)
        {
            Lines.Flush();
            return FileInUse.ReadLines(Path).Count(seen => seen == line);
        }
    }

    /// <summary>Finds the lines in which a secret stands.</summary>
    /// <returns>The lines, the secrets in them masked.</returns>
    public static IReadOnlyList<string> Search(IEnumerable<string> lines, IReadOnlyCollection<string> secrets)
    {
#if NET9_0_OR_GREATER
        var known = SearchValues.Create([.. secrets], StringComparison.Ordinal);
        bool HasSecret(string line) => secrets.Count > 0 && line.AsSpan().ContainsAny(known);
#else
        bool HasSecret(string line) => secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal));
#endif
        return
        [
            .. from line in lines
               where HasSecret(line) || Issued().IsMatch(line)
               select Issued().Replace(secrets.Aggregate(line, (text, secret) => text.Replace(secret, "●●●", StringComparison.Ordinal)), "●●●")
        ];
    }

    /// <summary>Ends the run.</summary>
    public void Dispose()
    {
        IReadOnlyList<string> leaks;
        lock (Lines)
        {
            Lines.Flush();
            leaks = Search(FileInUse.ReadLines(Path), [.. Secrets.Keys]);
            File.Delete(Path);
        }

        if (leaks.Count > 0)
        {
            throw new InvalidOperationException($"Secrets stand in {leaks.Count} lines of the log:\n{string.Join('\n', leaks.Take(10))}");
        }
    }

    // Access and refresh tokens, Secrets and ApiTokens: prefix, kind, and at least 40 more characters.
    [GeneratedRegex("[a-z0-9]_(access|refresh|secret|token)_[A-Za-z0-9_-]{40,}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Issued();
}
