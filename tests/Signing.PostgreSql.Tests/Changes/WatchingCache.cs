namespace Signing.PostgreSql.Tests.Changes;

/// <summary>A cache that has the test look whenever it is to forget something.</summary>
internal sealed class WatchingCache(Action look) : LookUpCache
{
    public override void Forget(long number, ReadOnlySpan<ChangeNote> notes) => look();

    public override void ForgetAll(long number) => look();
}
