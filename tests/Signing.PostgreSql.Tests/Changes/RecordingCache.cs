using System.Threading.Channels;

namespace Signing.PostgreSql.Tests.Changes;

/// <summary>A cache that remembers what it was to forget: <c>5: Credential a, Workspace b</c>, or <c>everything before 5</c>.</summary>
internal sealed class RecordingCache : LookUpCache
{
    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();

    public override void Forget(long number, ReadOnlySpan<ChangeNote> notes) =>
        _told.Writer.TryWrite($"{number}: {string.Join(", ", notes.ToArray().Select(note => $"{note.Kind} {note.Subject}"))}");

    public override void ForgetAll(long number) => _told.Writer.TryWrite($"everything before {number}");

    /// <summary>Waits for the next thing that is to be forgotten.</summary>
    public async Task<string> NextAsync() => await _told.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    /// <summary>Whether there was nothing else.</summary>
    public bool IsQuiet => !_told.Reader.TryPeek(out _);
}
