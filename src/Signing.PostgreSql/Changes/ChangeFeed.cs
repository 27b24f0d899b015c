namespace Signing.PostgreSql;

/// <summary>Tells the caches of this node what has changed, in order, and says whether the node still hears.</summary>
internal sealed class ChangeFeed
{
    private readonly List<LookUpCache> _caches = [];

    // Null where nobody listens, as in a tool that only writes: then memory is never trusted.
    private volatile Func<bool>? _isFresh;
    private volatile Func<TimeSpan?>? _age;

    /// <summary>Whether the database was heard from within <see cref="PropagationOptions.MaxStaleness"/>: else nothing in memory may answer.</summary>
    public bool IsFresh => _isFresh?.Invoke() == true;

    /// <summary>Gets for how long nothing was heard; <see langword="null"/> if nothing ever was.</summary>
    public TimeSpan? Age => _age?.Invoke();

    /// <summary>Has a cache told of changes from now on; called while the host is built.</summary>
    public void Tell(LookUpCache cache)
    {
        lock (_caches)
        {
            _caches.Add(cache);
        }
    }

    /// <summary>Applies a change: whatever it concerns is looked up anew. Safe to apply twice, and called by the writer of a change for its own node.</summary>
    public void Apply(long number, ReadOnlySpan<ChangeNote> notes)
    {
        foreach (LookUpCache cache in Caches())
        {
            cache.Forget(number, notes);
        }
    }

    /// <summary>Forgets everything: nobody knows what was missed.</summary>
    public void ForgetAll(long number)
    {
        foreach (LookUpCache cache in Caches())
        {
            cache.ForgetAll(number);
        }
    }

    internal void Follow(Func<bool> isFresh, Func<TimeSpan?>? age = null)
    {
        _age = age;
        _isFresh = isFresh;
    }

    private LookUpCache[] Caches()
    {
        lock (_caches)
        {
            return [.. _caches];
        }
    }
}
