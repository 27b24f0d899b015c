namespace Signing.AspNetCore;

// The rows that one flush makes to last, and the task of those who wait for it.
internal sealed class JournalBatch
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<JournalRow> Rows { get; } = [];

    public Task Done => _done.Task;

    public void Complete() => _done.SetResult();

    public void Fail(Exception exception)
    {
        _done.SetException(exception);

        // Read, because nobody may be waiting: it is logged where it happened.
        _ = _done.Task.Exception;
    }
}
