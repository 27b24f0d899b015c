using Npgsql;
using NpgsqlTypes;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Revokes grants, and has every node told.</summary>
internal sealed class GrantRevocations(Database database, Transactions transactions)
{
    // So many at a time, so that no client's endless logins make a statement that takes longer than it may.
    private const int Most = 5000;

    public Task<bool> RevokeAsync(UInt128 id, RevocationReason reason, CancellationToken cancellationToken) => transactions.RunAloneAsync(
        async (transaction, notes, cancellation) =>
        {
            using NpgsqlCommand command = database.Command("grants.revoke", transaction.Connection!, transaction);
            command.Parameters.Add(GrantColumns.IdOf(id));
            GrantColumns.AddReason(command.Parameters, "reason", reason);
            bool isRevoked = await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) > 0;
            if (isRevoked)
            {
                notes.Add(GrantNotes.Of(id));
            }

            return isRevoked;
        },
        cancellationToken);

    public async Task<int> RevokeAllAsync(GrantOwner owner, string value, RevocationReason reason, CancellationToken cancellationToken)
    {
        int all = 0;
        int some;
        do
        {
            some = await RevokeSomeAsync(owner, value, reason, cancellationToken).ConfigureAwait(false);
            all += some;
        }
        while (some == Most);

        return all;
    }

    private Task<int> RevokeSomeAsync(GrantOwner owner, string value, RevocationReason reason, CancellationToken cancellationToken) => transactions.RunAloneAsync(
        async (transaction, notes, cancellation) =>
        {
            using NpgsqlCommand command = database.Command("grants.revoke_all", transaction.Connection!, transaction);
            command.Parameters.Add(new NpgsqlParameter<int>("owner", NpgsqlDbType.Integer) { TypedValue = (int)owner });
            command.Parameters.Add(new NpgsqlParameter<string>("value", NpgsqlDbType.Text) { TypedValue = value });
            command.Parameters.Add(new NpgsqlParameter<int>("most", NpgsqlDbType.Integer) { TypedValue = Most });
            GrantColumns.AddReason(command.Parameters, "reason", reason);
            int revoked = await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            if (revoked > 0)
            {
                notes.Add(GrantNotes.Of(owner, value));
            }

            return revoked;
        },
        cancellationToken);
}
