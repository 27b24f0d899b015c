using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Moves grants on to their next sequence.</summary>
/// <remarks>
/// Refreshes of different grants do not wait for each other, and no node is told of them. What every node is told of takes the
/// one lock, and before the row, as everybody takes it: so a refresh that turns out to be such a change begins again.
/// </remarks>
internal sealed class GrantRefreshes(Database database, Transactions transactions)
{
    public async Task<GrantRotation> RotateAsync(UInt128 id, int sequence, GrantTerms terms, CancellationToken cancellationToken) =>
        await transactions.RunAsync((transaction, cancellation) => TryRotateAsync(id, sequence, terms, transaction, cancellation), cancellationToken).ConfigureAwait(false)
        ?? await transactions.RunAloneAsync((transaction, notes, cancellation) => RotateAsync(id, sequence, terms, transaction, notes, cancellation), cancellationToken).ConfigureAwait(false);

    // A memory that is some refreshes behind serves as well, but not one that permits more.
    private static bool IsForEverybody(Grant before, Grant after) => after.IsRevoked || !before.Scopes.SequenceEqual(after.Scopes, StringComparer.Ordinal);

    // Null: it has to be done alone.
    private async Task<(GrantRotation? Answer, bool MustLast)> TryRotateAsync(UInt128 id, int sequence, GrantTerms terms, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        (Grant? before, GrantRotation rotation) = await DecideAsync(id, sequence, terms, transaction, cancellationToken).ConfigureAwait(false);
        if (ReferenceEquals(before, rotation.Grant))
        {
            return (rotation, false);
        }

        if (IsForEverybody(before!, rotation.Grant!))
        {
            return (null, false);
        }

        await WriteAsync(rotation.Grant!, transaction, cancellationToken).ConfigureAwait(false);
        return (rotation, true);
    }

    private async Task<GrantRotation> RotateAsync(UInt128 id, int sequence, GrantTerms terms, NpgsqlTransaction transaction, List<ChangeNote> notes, CancellationToken cancellationToken)
    {
        (Grant? before, GrantRotation rotation) = await DecideAsync(id, sequence, terms, transaction, cancellationToken).ConfigureAwait(false);
        if (!ReferenceEquals(before, rotation.Grant))
        {
            notes.Add(GrantNotes.Of(id));
            await WriteAsync(rotation.Grant!, transaction, cancellationToken).ConfigureAwait(false);
        }

        return rotation;
    }

    // Nobody else changes the row until the transaction ends, so what is decided by it stays right.
    private async Task<(Grant? Before, GrantRotation Rotation)> DecideAsync(UInt128 id, int sequence, GrantTerms terms, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = database.Command("grants.hold", transaction.Connection!, transaction);
        command.Parameters.Add(GrantColumns.IdOf(id));
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

    private async Task WriteAsync(Grant grant, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        using NpgsqlCommand command = database.Command("grants.rotate", transaction.Connection!, transaction);
        command.Parameters.Add(GrantColumns.IdOf(grant.Id));
        GrantColumns.AddState(command.Parameters, grant);
        await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
