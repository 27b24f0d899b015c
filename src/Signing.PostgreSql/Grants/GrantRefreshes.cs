using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Moves grants on to their next sequence.</summary>
/// <remarks>
/// Refreshes of different grants do not wait for each other, and no node is told of them. What every node is told of takes the
/// one lock, and before the row, as everybody takes it: so a refresh that turns out to be such a change begins again.
/// </remarks>
internal sealed class GrantRefreshes(Transactions transactions)
{
    public async Task<GrantRotation> RotateAsync(UInt128 id, int sequence, GrantTerms terms, CancellationToken cancellationToken) =>
        await transactions.RunAsync((session, cancellation) => TryRotateAsync(id, sequence, terms, session, cancellation), cancellationToken).ConfigureAwait(false)
        ?? await transactions.RunAloneAsync((session, notes, cancellation) => RotateAsync(id, sequence, terms, session, notes, cancellation), cancellationToken).ConfigureAwait(false);

    // A memory that is some refreshes behind serves as well, but not one that permits more.
    private static bool IsForEverybody(Grant before, Grant after) => after.IsRevoked || !before.Scopes.SequenceEqual(after.Scopes, StringComparer.Ordinal);

    // Null: it has to be done alone.
    private static async Task<(GrantRotation? Answer, bool MustLast)> TryRotateAsync(UInt128 id, int sequence, GrantTerms terms, DatabaseSession session, CancellationToken cancellationToken)
    {
        (Grant? before, GrantRotation rotation) = await DecideAsync(id, sequence, terms, session, cancellationToken).ConfigureAwait(false);
        if (ReferenceEquals(before, rotation.Grant))
        {
            return (rotation, false);
        }

        if (IsForEverybody(before!, rotation.Grant!))
        {
            return (null, false);
        }

        await WriteAsync(rotation.Grant!, session, cancellationToken).ConfigureAwait(false);
        return (rotation, true);
    }

    private static async Task<GrantRotation> RotateAsync(UInt128 id, int sequence, GrantTerms terms, DatabaseSession session, List<ChangeNote> notes, CancellationToken cancellationToken)
    {
        (Grant? before, GrantRotation rotation) = await DecideAsync(id, sequence, terms, session, cancellationToken).ConfigureAwait(false);
        if (!ReferenceEquals(before, rotation.Grant))
        {
            notes.Add(GrantNotes.Of(id));
            await WriteAsync(rotation.Grant!, session, cancellationToken).ConfigureAwait(false);
        }

        return rotation;
    }

    // Nobody else changes the row until the transaction ends, so what is decided by it stays right.
    private static async Task<(Grant? Before, GrantRotation Rotation)> DecideAsync(UInt128 id, int sequence, GrantTerms terms, DatabaseSession session, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = session.Command("grants.hold").GrantId(id);
        await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (row.ConfigureAwait(false))
        {
            if (!await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return (null, new GrantRotation(GrantRotationStatus.Unknown));
            }

            Grant before = GrantColumns.Read(row).Grant!;
            return (before, before.Rotate(sequence, terms, row.GetFieldValue<DateTimeOffset>(GrantColumns.Now)));
        }
    }

    private static async Task WriteAsync(Grant grant, DatabaseSession session, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = session.Command("grants.rotate").GrantId(grant.Id).GrantState(grant);
        await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
