namespace Signing.AspNetCore;

/// <summary>Keeps workspaces, applications, credentials, sharing keys and the audit, and tells requests what they need of them.</summary>
/// <remarks>
/// A store that cannot answer throws. <see cref="CommitAsync"/> completes when the change lasts, and from then on every
/// request of this process meets it. A row is of one of four kinds: <see cref="WorkspaceRecord"/>,
/// <see cref="ApplicationRecord"/>, <see cref="CredentialRecord"/> and <see cref="SharingKeyRecord"/>. What has a body here
/// looks at row after row: a store that keeps its rows elsewhere than in memory has a better way.
/// </remarks>
public interface ICredentialStore : ICredentialSource, IApiTokenSource, ISharingKeySource
{
    /// <summary>Gets a row.</summary>
    /// <typeparam name="T">The kind of row.</typeparam>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The latest version, or <see langword="null"/> if there is no such row.</returns>
    ValueTask<T?> GetAsync<T>(string id, CancellationToken cancellationToken)
        where T : class, IStoredRow;

    /// <summary>Lists rows of a kind, the newest first.</summary>
    /// <typeparam name="T">The kind of row.</typeparam>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A page; rows that are created meanwhile do not move those of later pages.</returns>
    /// <exception cref="ArgumentException">A value of <paramref name="query"/> is out of range, or its <see cref="RowQuery.After"/> is not from this store.</exception>
    ValueTask<RowPage<T>> ListAsync<T>(RowQuery query, CancellationToken cancellationToken)
        where T : class, IStoredRow;

    /// <summary>Gets several rows of a kind at once.</summary>
    /// <typeparam name="T">The kind of row.</typeparam>
    /// <param name="ids">Their ids.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The latest version of each that there is, in any order.</returns>
    ValueTask<IReadOnlyList<T>> GetAsync<T>(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
        where T : class, IStoredRow
        => StoreScan.GetAsync<T>(this, ids, cancellationToken);

    /// <summary>Counts the applications of workspaces, the credentials of applications, or the long-lived tokens of KeyPairs.</summary>
    /// <typeparam name="T">What the ids are of: <see cref="WorkspaceRecord"/>, <see cref="ApplicationRecord"/> or <see cref="CredentialRecord"/>.</typeparam>
    /// <param name="ids">The ids.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A tally for each id, be it unknown.</returns>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is another kind of row.</exception>
    ValueTask<IReadOnlyDictionary<string, CredentialTally>> TallyAsync<T>(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
        where T : class, IStoredRow
        => StoreScan.TallyAsync<T>(this, ids, cancellationToken);

    /// <summary>Counts what there is, and finds what comes next.</summary>
    /// <param name="workspaceIds">The ids of the workspaces whose rows count; <see langword="null"/> for all.</param>
    /// <param name="now">The time by which <see cref="CredentialStates"/> and <see cref="KeyHealthRules"/> judge.</param>
    /// <param name="shown">How many credentials of each sort are wanted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The overview.</returns>
    ValueTask<CredentialOverview> OverviewAsync(IReadOnlyCollection<string>? workspaceIds, DateTimeOffset now, int shown, CancellationToken cancellationToken) =>
        StoreScan.OverviewAsync(this, workspaceIds, now, shown, cancellationToken);

    /// <summary>Stores a change as a whole or not at all.</summary>
    /// <param name="change">The edits and the events that tell of them.</param>
    /// <param name="cancellationToken">Ends the wait; the change may be stored nevertheless.</param>
    /// <returns>
    /// <see cref="ChangeStatus.Changed"/>; <see cref="ChangeStatus.NotFound"/> or <see cref="ChangeStatus.VersionMismatch"/> if a row is not
    /// what it was when it was read; <see cref="ChangeStatus.NameTaken"/> or <see cref="ChangeStatus.BundleIdTaken"/> if it must be unique and is not.
    /// </returns>
    /// <exception cref="ArgumentException">An edit has neither side, changes the id or kind of a row, or its version is not the next one.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A Secret was not sealed for its row by the key ring of this store; nothing is changed.</exception>
    ValueTask<ChangeStatus> CommitAsync(StoreChange change, CancellationToken cancellationToken);

    /// <summary>Notes uses of credentials and sharing keys, as far as <see cref="CredentialUses"/> finds them new; no version changes by it.</summary>
    /// <param name="uses">The uses; of an unknown id they have no effect.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when they are noted; they may reach the disk later.</returns>
    ValueTask MarkUsedAsync(IReadOnlyCollection<SecretUse> uses, CancellationToken cancellationToken);

    /// <summary>Lists the audit, the newest first.</summary>
    /// <param name="query">Whose events; those of an application are its own and those of the credentials that it has. Parent and kind have no effect, the text is looked for in actor, action and target.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A page.</returns>
    /// <exception cref="ArgumentException">A value of <paramref name="query"/> is out of range, or its <see cref="RowQuery.After"/> is not from this store.</exception>
    ValueTask<RowPage<AuditEvent>> ListAuditAsync(RowQuery query, CancellationToken cancellationToken);
}
