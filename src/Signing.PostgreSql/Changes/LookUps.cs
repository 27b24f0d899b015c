using System.Collections.Concurrent;

namespace Signing.PostgreSql;

/// <summary>Answers of the database that a node keeps: rows, and that there is no row, each up to a limit.</summary>
/// <remarks>
/// An answer comes with the number of the last change that its statement has seen: if a change has come meanwhile, the answer
/// may be older than it and is not kept. At a limit an eighth goes, of the same sort: a flood of made-up keys costs the
/// unknown ones, and never a row.
/// </remarks>
internal sealed class LookUps<TKey, TRow>(int capacity, IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
    where TRow : class
{
    private const int ShareToDrop = 8;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<TKey, TRow> _known = new(comparer ?? EqualityComparer<TKey>.Default);
    private readonly ConcurrentDictionary<TKey, bool> _unknown = new(comparer ?? EqualityComparer<TKey>.Default);
    private long _seen;
    private int _knownCount;
    private int _unknownCount;

    /// <summary>Looks a key up without a lock and without allocating.</summary>
    /// <returns><see langword="false"/> if the database has to be asked.</returns>
    public bool TryGet(TKey key, out TRow? row) => _known.TryGetValue(key, out row) || _unknown.ContainsKey(key);

    /// <summary>Looks a part of a message up, where the keys are strings.</summary>
    /// <returns><see langword="false"/> if the database has to be asked.</returns>
    public bool TryGet(ReadOnlySpan<char> key, out TRow? row) =>
        _known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out row) || _unknown.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(key);

    /// <summary>Keeps an answer, unless a change has come that it may not have seen.</summary>
    /// <param name="key">What was asked for.</param>
    /// <param name="row">The row, or <see langword="null"/> if there is none.</param>
    /// <param name="seen">The number of the last change that the statement has seen.</param>
    public void Keep(TKey key, TRow? row, long seen)
    {
        lock (_gate)
        {
            if (seen < _seen)
            {
                return;
            }

            if (row is null)
            {
                Remove(_known, key, ref _knownCount);
                Put(_unknown, key, true, ref _unknownCount);
                return;
            }

            Remove(_unknown, key, ref _unknownCount);
            Put(_known, key, row, ref _knownCount);
        }
    }

    /// <summary>Forgets one row, and from now on keeps only answers that have seen the change.</summary>
    public void Forget(long number, TKey key)
    {
        lock (_gate)
        {
            _seen = Math.Max(_seen, number);
            Remove(_known, key, ref _knownCount);
            Remove(_unknown, key, ref _unknownCount);
        }
    }

    /// <summary>Forgets every row that a change concerns and all that was unknown, which it may have made known; from now on keeps only answers that have seen it.</summary>
    public void Forget(long number, Func<TRow, bool> isConcerned)
    {
        lock (_gate)
        {
            _seen = Math.Max(_seen, number);
            foreach ((TKey key, TRow row) in _known)
            {
                if (isConcerned(row))
                {
                    Remove(_known, key, ref _knownCount);
                }
            }

            _unknown.Clear();
            _unknownCount = 0;
        }
    }

    /// <summary>Forgets everything, and from now on keeps only answers that have seen the change.</summary>
    /// <param name="number">The number of the last change, which may be lower than one before: the database may be an older copy of itself.</param>
    public void ForgetAll(long number)
    {
        lock (_gate)
        {
            _seen = number;
            _known.Clear();
            _unknown.Clear();
            (_knownCount, _unknownCount) = (0, 0);
        }
    }

    private void Put<TValue>(ConcurrentDictionary<TKey, TValue> answers, TKey key, TValue value, ref int count)
    {
        if (answers.ContainsKey(key))
        {
            answers[key] = value;
            return;
        }

        if (count >= capacity)
        {
            foreach ((TKey some, _) in answers.Take(Math.Max(1, capacity / ShareToDrop)))
            {
                Remove(answers, some, ref count);
            }
        }

        answers[key] = value;
        count++;
    }

    private static void Remove<TValue>(ConcurrentDictionary<TKey, TValue> answers, TKey key, ref int count)
    {
        if (answers.TryRemove(key, out _))
        {
            count--;
        }
    }
}
