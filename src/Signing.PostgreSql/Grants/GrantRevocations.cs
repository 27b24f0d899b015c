using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Revokes grants, and has every node told.</summary>
internal sealed class GrantRevocations(Transactions transactions)
{
    // So many at a time, so that no client's endless logins make a statement that takes longer than it may.
    private const int Most = 5000;

    public Task<bool> RevokeAsync(UInt128 id, RevocationReason reason, CancellationToken cancellationToken) => transactions.RunAloneAsync(
        async (session, notes, cancellation) =>
        {
            bool isRevoked = await session.Command("grants.revoke").GrantId(id).Small("reason", (int)reason).RunAsync(cancellation).ConfigureAwait(false) > 0;
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
        async (session, notes, cancellation) =>
        {
            NpgsqlCommand command = session.Command("grants.revoke_all").Number("owner", (int)owner).Text("value", value).Number("most", Most).Small("reason", (int)reason);
            int revoked = await command.RunAsync(cancellation).ConfigureAwait(false);
            if (revoked > 0)
            {
                notes.Add(GrantNotes.Of(owner, value));
            }

            return revoked;
        },
        cancellationToken);
}
