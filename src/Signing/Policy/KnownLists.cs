namespace Signing;

/// <summary>Remembers the lists of covered components that verified signatures had: a signer sends the same one each time.</summary>
/// <remarks>Only a holder of a key can add one, and they are never replaced, so nobody can wear the memory out.</remarks>
internal sealed class KnownLists(CoverageRules rules)
{
    /// <summary>Lists that are remembered.</summary>
    public const int MaxLists = 16;

    /// <summary>Characters of a list that is remembered.</summary>
    public const int MaxLength = 512;

    /// <summary>The place of no list.</summary>
    public const int None = 0;

    private volatile ComponentList[] _lists = [];

    /// <summary>Gets the list at a place that <see cref="Find"/> returned.</summary>
    public ComponentList this[int place] => _lists[place - 1];

    /// <summary>Finds the list that a text begins with.</summary>
    /// <returns>Its place, which does not change; <see cref="None"/> if the list is not known.</returns>
    public int Find(ReadOnlySpan<char> text)
    {
        var lists = _lists;
        for (var i = 0; i < lists.Length; i++)
        {
            if (text.StartsWith(lists[i].Text, StringComparison.Ordinal))
            {
                return i + 1;
            }
        }

        return None;
    }

    /// <summary>Gets the list at a place, if that is what a text begins with.</summary>
    /// <returns>The list; <see langword="null"/> if the place is of another verifier, or the text of another message.</returns>
    public ComponentList? Match(ReadOnlySpan<char> text, int place)
    {
        var lists = _lists;
        var list = place == None || place > lists.Length ? null : lists[place - 1];
        return list is not null && text.StartsWith(list.Text, StringComparison.Ordinal) ? list : null;
    }

    /// <summary>Remembers the list that a text begins with.</summary>
    /// <param name="text">Covered components and parameters, in the strict form, of a signature that was verified.</param>
    public void Remember(ReadOnlySpan<char> text)
    {
        var lists = _lists;
        var list = text[..(text.IndexOf(')') + 1)];
        if (lists.Length == MaxLists || list.Length > MaxLength || list.Contains(';'))
        {
            return;
        }

        // Whoever loses a race remembers its list the next time.
        if (Find(list) == None && ComponentList.TryCreate(list, rules) is { } known)
        {
            Interlocked.CompareExchange(ref _lists, [.. lists, known], lists);
        }
    }
}
