using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Stores one change of rows in a transaction: while it has the lock of all writers, so that what it reads is what there is.</summary>
/// <remarks>
/// 1. Lock. 2. Read the stored rows. 3. Compare versions. 4. Write. 5. Check what must be unique or exist, on the rows as they are
/// now. Whoever is refused rolls back.
/// </remarks>
internal sealed class CredentialTransaction(DatabaseSession session)
{
    // More than that is told as everything at once.
    private const int MaxNotes = 1000;

    private static readonly Dictionary<Type, RowTable> Tables = new()
    {
        [typeof(WorkspaceRecord)] = new WorkspaceTable(),
        [typeof(ApplicationRecord)] = new ApplicationTable(),
        [typeof(CredentialRecord)] = new CredentialTable(),
        [typeof(SharingKeyRecord)] = new SharingKeyTable(),
    };

    private readonly List<ChangeNote> _notes = [];
    private long _number;

    public static RowTable TableOf(Type kind) =>
        Tables.GetValueOrDefault(kind) ?? throw new ArgumentException($"{kind.Name} is no row of the credential store.", nameof(kind));

    /// <summary>Writes edits, each of which makes the next version of its row.</summary>
    /// <returns><see cref="ChangeStatus.Changed"/>; else the first reason why not, and the transaction is to be rolled back.</returns>
    public async Task<ChangeStatus> TryWriteAsync(IReadOnlyList<RowEdit> edits, CancellationToken cancellationToken)
    {
        await ChangeLog.LockAsync(session, cancellationToken).ConfigureAwait(false);
        Dictionary<(Type Kind, string Id), IStoredRow> stored = await ReadAsync(edits, cancellationToken).ConfigureAwait(false);
        RowEdit[] actual = [.. edits.Select(edit => edit with { Earlier = stored.GetValueOrDefault(NameOf(edit)) })];
        for (int i = 0; i < actual.Length; i++)
        {
            if (Compare(edits[i].Earlier, actual[i].Earlier) is var refusal and not ChangeStatus.Changed)
            {
                return refusal;
            }

            // The rows that are stored count, not what the maker of the change took them for.
            actual[i] = actual[i] with { Later = Keep(edits[i], actual[i].Earlier) };
            await WriteAsync(actual[i], cancellationToken).ConfigureAwait(false);
        }

        foreach (RowEdit edit in actual)
        {
            if (await CheckAsync(edit, cancellationToken).ConfigureAwait(false) is var refusal and not ChangeStatus.Changed)
            {
                return refusal;
            }

            _notes.AddRange(CredentialNotes.Of(edit));
        }

        return ChangeStatus.Changed;
    }

    /// <summary>Appends what other nodes are to be told, last before the commit.</summary>
    public async Task AppendAsync(CancellationToken cancellationToken)
    {
        if (_notes.Count > MaxNotes)
        {
            _notes.Clear();
            _notes.Add(new ChangeNote(ChangeKind.Everything));
        }

        if (_notes.Count > 0)
        {
            _number = await ChangeLog.AppendAsync(session, _notes, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Has this node meet what is committed, before anybody is told of it.</summary>
    public void Tell(ChangeFeed feed)
    {
        if (_notes.Count > 0)
        {
            feed.Apply(_number, [.. _notes]);
        }
    }

    private static (Type Kind, string Id) NameOf(RowEdit edit) => ((edit.Later ?? edit.Earlier)!.GetType(), (edit.Later ?? edit.Earlier)!.Id);

    private static ChangeStatus Compare(IStoredRow? expected, IStoredRow? stored)
    {
        if (expected is not null && stored is null)
        {
            return ChangeStatus.NotFound;
        }

        return expected?.Version == stored?.Version ? ChangeStatus.Changed : ChangeStatus.VersionMismatch;
    }

    // What others than operators have changed meanwhile: uses, and the seals of Secrets.
    private static IStoredRow? Keep(RowEdit edit, IStoredRow? stored) => (edit.Later, stored) switch
    {
        (CredentialRecord edited, CredentialRecord known) => CredentialUses.Keep(
            edited with { Secrets = [.. edited.Secrets.Select(secret => KeepSeal(secret, (CredentialRecord)edit.Earlier!, known))] }, known),
        (SharingKeyRecord edited, SharingKeyRecord known) => CredentialUses.Keep(edited, known),
        _ => edit.Later,
    };

    private static SecretRecord KeepSeal(SecretRecord secret, CredentialRecord read, CredentialRecord stored)
    {
        bool isAsItWasRead = secret.Sealed is { } @sealed
            && read.Secrets.FirstOrDefault(known => known.Version == secret.Version)?.Sealed is { } former && @sealed.Span.SequenceEqual(former.Span);
        return isAsItWasRead ? secret with { Sealed = stored.Secrets.FirstOrDefault(known => known.Version == secret.Version)?.Sealed ?? secret.Sealed } : secret;
    }

    private async Task<Dictionary<(Type Kind, string Id), IStoredRow>> ReadAsync(IReadOnlyList<RowEdit> edits, CancellationToken cancellationToken)
    {
        Dictionary<(Type Kind, string Id), IStoredRow> stored = [];

        // Kinds in one order, too.
        foreach (IGrouping<Type, (Type Kind, string Id)> kind in edits.Select(NameOf).GroupBy(name => name.Kind).OrderBy(kind => kind.Key.Name, StringComparer.Ordinal))
        {
            string[] ids = [.. kind.Select(name => name.Id)];
            RowTable table = TableOf(kind.Key);
            await table.LockAsync(session, ids, cancellationToken).ConfigureAwait(false);
            foreach (IStoredRow row in await table.GetAsync(session, ids, cancellationToken).ConfigureAwait(false))
            {
                stored[(kind.Key, row.Id)] = row;
            }
        }

        return stored;
    }

    private Task WriteAsync(RowEdit edit, CancellationToken cancellationToken)
    {
        RowTable table = TableOf(NameOf(edit).Kind);
        return edit.Later is null ? table.DeleteAsync(session, NameOf(edit).Id, cancellationToken) : table.WriteAsync(session, edit.Later, cancellationToken);
    }

    private Task<ChangeStatus> CheckAsync(RowEdit edit, CancellationToken cancellationToken)
    {
        RowTable table = TableOf(NameOf(edit).Kind);
        return edit.Later is null
            ? table.CheckDeletedAsync(session, NameOf(edit).Id, cancellationToken)
            : table.CheckStoredAsync(session, edit.Later, edit.Earlier, cancellationToken);
    }
}
