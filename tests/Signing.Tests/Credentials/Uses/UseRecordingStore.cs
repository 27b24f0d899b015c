using Signing.AspNetCore;

namespace Signing.Tests.Credentials.Uses;

/// <summary>A store that remembers which uses it was told, and refuses them while a test wants it to.</summary>
internal sealed class UseRecordingStore(ICredentialStore store) : ICredentialStore
{
    private TaskCompletionSource<IReadOnlyCollection<SecretUse>> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<SecretUse> Uses { get; } = [];

    public int Calls { get; private set; }

    public Exception? Failure { get; set; }

    /// <summary>Gets the uses of the next call.</summary>
    public Task<IReadOnlyCollection<SecretUse>> NextAsync() => _next.Task.WaitAsync(TestContext.Current.CancellationToken);

    public async ValueTask MarkUsedAsync(IReadOnlyCollection<SecretUse> uses, CancellationToken cancellationToken)
    {
        Calls++;
        TaskCompletionSource<IReadOnlyCollection<SecretUse>> told = _next;
        _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Failure is not null)
        {
            told.SetResult(uses);
            throw Failure;
        }

        await store.MarkUsedAsync(uses, cancellationToken);
        Uses.AddRange(uses);
        told.SetResult(uses);
    }

    public bool TryGetCached(ReadOnlySpan<char> key, out Credential? credential) => store.TryGetCached(key, out credential);

    public ValueTask<Credential?> FindAsync(string key, CancellationToken cancellationToken) => store.FindAsync(key, cancellationToken);

    public bool TryGetCached(in TokenHash hash, out Credential? token) => store.TryGetCached(hash, out token);

    ValueTask<Credential?> IApiTokenSource.FindAsync(TokenHash hash, CancellationToken cancellationToken) => ((IApiTokenSource)store).FindAsync(hash, cancellationToken);

    ValueTask<SharingKey?> ISharingKeySource.FindAsync(TokenHash hash, CancellationToken cancellationToken) => ((ISharingKeySource)store).FindAsync(hash, cancellationToken);

    public bool TryGetCached(string id, out SharingKey? key) => store.TryGetCached(id, out key);

    public ValueTask<SharingKey?> FindByIdAsync(string id, CancellationToken cancellationToken) => store.FindByIdAsync(id, cancellationToken);

    public ValueTask<T?> GetAsync<T>(string id, CancellationToken cancellationToken)
        where T : class, IStoredRow
        => store.GetAsync<T>(id, cancellationToken);

    public ValueTask<RowPage<T>> ListAsync<T>(RowQuery query, CancellationToken cancellationToken)
        where T : class, IStoredRow
        => store.ListAsync<T>(query, cancellationToken);

    public ValueTask<ChangeStatus> CommitAsync(StoreChange change, CancellationToken cancellationToken) => store.CommitAsync(change, cancellationToken);

    public ValueTask<RowPage<AuditEvent>> ListAuditAsync(RowQuery query, CancellationToken cancellationToken) => store.ListAuditAsync(query, cancellationToken);
}
