namespace Signing.AspNetCore;

/// <summary>Does what operators do: checks it, makes Keys and Secrets, seals them, and stores the change together with the event that tells of it.</summary>
/// <remarks>
/// Who may do what is for the caller to decide. Where a method takes a version, <see langword="null"/> changes the row as it is now, and any other than the stored one
/// gives <see cref="ChangeStatus.VersionMismatch"/>. Every method throws what the store throws when it cannot answer, and an <see cref="ArgumentException"/> for an actor without a name.
/// </remarks>
public sealed class CredentialAdministration
{
    private readonly RowWriter _rows;
    private readonly RowCreation _creation;
    private readonly RowEditing _editing;
    private readonly RowRemoval _removal;
    private readonly SecretHandover _handover;

    /// <summary>Creates an administration of a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="seal">The key ring that the store uses.</param>
    /// <param name="format">The format of the Keys, Secrets and ApiTokens.</param>
    /// <param name="time">The clock; <see langword="null"/> means the system's.</param>
    public CredentialAdministration(ICredentialStore store, SecretSeal seal, CredentialFormat format, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(seal);
        ArgumentNullException.ThrowIfNull(format);
        _rows = new RowWriter(store, time ?? TimeProvider.System);
        var secrets = new SecretMaker(seal, format);
        _creation = new RowCreation(_rows, new RowMaker(_rows, secrets));
        _editing = new RowEditing(_rows);
        _removal = new RowRemoval(_rows);
        _handover = new SecretHandover(_rows, secrets);
    }

    /// <summary>Creates a workspace.</summary>
    /// <param name="workspace">What it is to be.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row; else the first reason why it may not be stored.</returns>
    public Task<RowResult<WorkspaceRecord>> CreateWorkspaceAsync(NewWorkspace workspace, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        Require(actor);
        return _creation.WorkspaceAsync(workspace, actor, cancellationToken);
    }

    /// <summary>Creates an application without credentials.</summary>
    /// <param name="application">What it is to be.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row; else <see cref="ChangeStatus.NotFound"/> if there is no such workspace, or the first reason why it may not be stored.</returns>
    public Task<RowResult<ApplicationRecord>> CreateApplicationAsync(NewApplication application, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(application);
        Require(actor);
        return _creation.ApplicationAsync(application, actor, cancellationToken);
    }

    /// <summary>Creates an application and its first credential, both or neither.</summary>
    /// <param name="application">What the application is to be.</param>
    /// <param name="credential">What the credential is to be; its application and parent are not looked at.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Both rows and the Secret; else <see cref="ChangeStatus.NotFound"/> if there is no such workspace, or the first reason why one of them may not be stored.</returns>
    public Task<ApplicationResult> CreateApplicationWithCredentialAsync(
        NewApplication application, NewCredential credential, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(application);
        RequireKind(credential);
        Require(actor);
        return _creation.ApplicationWithCredentialAsync(application, credential, actor, cancellationToken);
    }

    /// <summary>Creates a credential of an application, or a long-lived token of a KeyPair.</summary>
    /// <param name="credential">What it is to be.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The row and its Secret or text; else <see cref="ChangeStatus.NotFound"/> if there is no such application or parent,
    /// <see cref="ChangeStatus.ParentInvalid"/>, <see cref="ChangeStatus.ScopeNotGranted"/>, or the first reason why it may not be stored.
    /// </returns>
    public Task<SecretResult> CreateCredentialAsync(NewCredential credential, Actor actor, CancellationToken cancellationToken)
    {
        RequireKind(credential);
        Require(actor);
        return _creation.CredentialAsync(credential, actor, cancellationToken);
    }

    /// <summary>Creates a sharing key.</summary>
    /// <param name="sharingKey">What it is to be.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row and its text; else <see cref="ChangeStatus.NotFound"/> if there is no such workspace or grantee, or the application is not of the workspace named beside it, or the first reason why it may not be stored.</returns>
    public Task<SharingKeyResult> CreateSharingKeyAsync(NewSharingKey sharingKey, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sharingKey);
        Require(actor);
        return _creation.SharingKeyAsync(sharingKey, actor, cancellationToken);
    }

    /// <summary>Edits what people may edit of a row: names, texts, lists, settings, and whether an application, workspace or sharing key is in force.</summary>
    /// <typeparam name="T">The kind of row.</typeparam>
    /// <param name="id">Its id.</param>
    /// <param name="version">The version that the edit is meant for.</param>
    /// <param name="edit">Gives the row as it is to be; may run more than once. What rules own, such as Secrets and ends of credentials, stays as it is.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row as it is now; else the first reason why it may not be stored. A scope that a KeyPair loses, its long-lived tokens lose too.</returns>
    public Task<RowResult<T>> EditAsync<T>(string id, long? version, Func<T, T> edit, Actor actor, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        ArgumentNullException.ThrowIfNull(edit);
        Require(actor);
        return _rows.ChangeAsync<T>(id, version, (row, now) => _editing.DecideAsync(row, edit(row), actor, now, cancellationToken), cancellationToken);
    }

    /// <summary>Gives a KeyPair another Secret; the former one is accepted for an overlap.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">The version that the change is meant for.</param>
    /// <param name="overlap">For how long, from zero to <see cref="CredentialRules.MaxOverlap"/>; <see langword="null"/> for as long as its workspace says.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row and the new Secret; else as <see cref="CredentialRules.Rotate"/>, or <see cref="ChangeStatus.NotFound"/>.</returns>
    public Task<SecretResult> RotateAsync(string id, long? version, TimeSpan? overlap, Actor actor, CancellationToken cancellationToken)
    {
        Require(actor);
        return _handover.RotateAsync(id, version, overlap, actor, cancellationToken);
    }

    /// <summary>Ends the former Secret of a KeyPair now.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">The version that the change is meant for.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row as it is now; else as <see cref="CredentialRules.Retire"/>, or <see cref="ChangeStatus.NotFound"/>.</returns>
    public Task<RowResult<CredentialRecord>> RetireAsync(string id, long? version, Actor actor, CancellationToken cancellationToken) =>
        RuleAsync(id, version, "credential.retired", CredentialRules.Retire, actor, cancellationToken);

    /// <summary>Gives a credential another end, and so brings an expired one back.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">The version that the change is meant for.</param>
    /// <param name="expires">The first instant at which it is no longer accepted; <see langword="null"/> for no end.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row as it is now; else as <see cref="CredentialRules.Renew"/>, or <see cref="ChangeStatus.NotFound"/>.</returns>
    public Task<RowResult<CredentialRecord>> RenewAsync(string id, long? version, DateTimeOffset? expires, Actor actor, CancellationToken cancellationToken) =>
        RuleAsync(id, version, "credential.renewed", (row, now) => CredentialRules.Renew(row, expires, now), actor, cancellationToken);

    /// <summary>Refuses a credential, and with a KeyPair its long-lived tokens, until it is resumed.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">The version that the change is meant for.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row as it is now; else as <see cref="CredentialRules.Suspend"/>, or <see cref="ChangeStatus.NotFound"/>.</returns>
    public Task<RowResult<CredentialRecord>> SuspendAsync(string id, long? version, Actor actor, CancellationToken cancellationToken) =>
        RuleAsync(id, version, "credential.suspended", CredentialRules.Suspend, actor, cancellationToken);

    /// <summary>Accepts a suspended credential again.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">The version that the change is meant for.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row as it is now; else as <see cref="CredentialRules.Resume"/>, or <see cref="ChangeStatus.NotFound"/>.</returns>
    public Task<RowResult<CredentialRecord>> ResumeAsync(string id, long? version, Actor actor, CancellationToken cancellationToken) =>
        RuleAsync(id, version, "credential.resumed", CredentialRules.Resume, actor, cancellationToken);

    /// <summary>Refuses a credential for good, now or after a while.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">The version that the change is meant for.</param>
    /// <param name="reason">Why, in the words of who acts, at most <see cref="RecordRules.MaxTextLength"/> characters.</param>
    /// <param name="after">How long it is accepted before, from zero to <see cref="CredentialRules.MaxOverlap"/>.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row as it is now; else as <see cref="CredentialRules.Revoke"/>, <see cref="ChangeStatus.TextTooLong"/> or <see cref="ChangeStatus.NotFound"/>.</returns>
    public Task<RowResult<CredentialRecord>> RevokeAsync(string id, long? version, string? reason, TimeSpan after, Actor actor, CancellationToken cancellationToken) =>
        RuleAsync(id, version, "credential.revoked", (row, now) => CredentialRules.Revoke(row, actor.Name, reason, after, now), actor, cancellationToken);

    /// <summary>Takes back a revocation whose instant has not come.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">The version that the change is meant for.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row as it is now; else as <see cref="CredentialRules.KeepAfterAll"/>, or <see cref="ChangeStatus.NotFound"/>.</returns>
    public Task<RowResult<CredentialRecord>> KeepAsync(string id, long? version, Actor actor, CancellationToken cancellationToken) =>
        RuleAsync(id, version, "credential.kept", CredentialRules.KeepAfterAll, actor, cancellationToken);

    /// <summary>Shows a Secret, or the text of an ApiToken, that was made retrievable; that it was shown is stored first.</summary>
    /// <param name="id">The id of the credential.</param>
    /// <param name="secretVersion">The version of the Secret; <see langword="null"/> for the current one.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row and the text; else <see cref="ChangeStatus.NotFound"/>, <see cref="ChangeStatus.AlreadyRevoked"/> or <see cref="ChangeStatus.NotRetrievable"/>.</returns>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The key ring has lost the key it was sealed with.</exception>
    public Task<SecretResult> RevealAsync(string id, int? secretVersion, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        Require(actor);
        return _handover.RevealAsync(id, secretVersion, actor, cancellationToken);
    }

    /// <summary>Refuses a sharing key for good, and with it every token that was issued for it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">The version that the change is meant for.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row as it is now; else <see cref="ChangeStatus.AlreadyRevoked"/> or <see cref="ChangeStatus.NotFound"/>.</returns>
    public Task<RowResult<SharingKeyRecord>> RevokeSharingKeyAsync(string id, long? version, Actor actor, CancellationToken cancellationToken)
    {
        Require(actor);
        return _rows.ChangeAsync<SharingKeyRecord>(
            id,
            version,
            (row, now) => new ValueTask<RowDecision<SharingKeyRecord>>(row.Status is StoredStatus.Active or StoredStatus.Suspended
                ? RowDecisions.Of(row, row with { Status = StoredStatus.Revoked, Revoked = new Stamp(now, actor.Name), Secret = row.Secret with { Hash = null }, Version = row.Version + 1 }, "sharing_key.revoked", actor, now)
                : RowDecision<SharingKeyRecord>.Refused(ChangeStatus.AlreadyRevoked)),
            cancellationToken);
    }

    /// <summary>Deletes a row: a credential with its long-lived tokens, an application with its credentials; the audit stays.</summary>
    /// <typeparam name="T">The kind of row.</typeparam>
    /// <param name="id">Its id.</param>
    /// <param name="version">The version that the change is meant for.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see cref="ChangeStatus.Changed"/>; else <see cref="ChangeStatus.NotFound"/>, or <see cref="ChangeStatus.NotEmpty"/> for a workspace to which something belongs.</returns>
    public async Task<ChangeStatus> DeleteAsync<T>(string id, long? version, Actor actor, CancellationToken cancellationToken)
        where T : class, IStoredRow
    {
        Require(actor);
        return (await _rows.ChangeAsync<T>(id, version, (row, now) => _removal.DecideAsync(row, actor, now, cancellationToken), cancellationToken).ConfigureAwait(false)).Status;
    }

    private static void Require(Actor actor) => ArgumentException.ThrowIfNullOrEmpty(actor.Name, nameof(actor));

    private static void RequireKind(NewCredential credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        if (credential.Kind is not (CredentialKind.KeyPair or CredentialKind.ApiToken))
        {
            throw new ArgumentException("A credential is a KeyPair or an ApiToken.", nameof(credential));
        }
    }

    private Task<RowResult<CredentialRecord>> RuleAsync(
        string id, long? version, string action, Func<CredentialRecord, DateTimeOffset, CredentialChange> rule, Actor actor, CancellationToken cancellationToken)
    {
        Require(actor);
        return _rows.ChangeAsync<CredentialRecord>(
            id, version, (row, now) => new ValueTask<RowDecision<CredentialRecord>>(RowDecisions.Of(row, rule(row, now), action, actor, now)), cancellationToken);
    }
}
