namespace Signing.PostgreSql;

/// <summary>What a node keeps in memory of one table, as far as the feed of changes is concerned.</summary>
internal abstract class LookUpCache
{
    /// <summary>Forgets what notes concern, and from now on keeps only answers that have seen this change.</summary>
    public abstract void Forget(long number, ReadOnlySpan<ChangeNote> notes);

    /// <summary>Forgets everything, and from now on keeps only answers that have seen this change.</summary>
    public abstract void ForgetAll(long number);
}
