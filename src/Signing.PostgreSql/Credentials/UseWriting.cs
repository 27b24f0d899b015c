using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Notes uses beside the decisions of operators: without the lock of all writers, without a version, and without telling anybody.</summary>
internal static class UseWriting
{
    /// <summary>How many uses are written together: as long as that takes, whoever changes one of their rows waits.</summary>
    public const int MaxBatch = 100;

    public static async Task WriteAsync(Database database, IReadOnlyCollection<SecretUse> uses, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            // Each statement is a transaction. An id is of one kind, and has no effect where it is unknown.
            var session = new DatabaseSession(database, connection);
            NpgsqlCommand credentials = Add(session.Command("credential.mark_used"), uses).Numbers("versions", uses.Select(use => use.SecretVersion));
            await credentials.RunAsync(cancellationToken).ConfigureAwait(false);
            SecretUse[] latest = [.. uses.GroupBy(use => use.Id, StringComparer.Ordinal).Select(one => one.MaxBy(use => use.Use.At))];
            await Add(session.Command("sharing_key.mark_used"), latest).RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static NpgsqlCommand Add(NpgsqlCommand command, IReadOnlyCollection<SecretUse> uses) => command
        .Texts("ids", uses.Select(use => use.Id))
        .Instants("at", uses.Select(use => (DateTimeOffset?)use.Use.At))
        .Texts("addresses", uses.Select(use => StoredText.KeptOrNull(use.Use.Address)))
        .Duration("interval", CredentialUses.Interval);
}
