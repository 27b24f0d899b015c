using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Has the database count what lists and the overview show beside the rows: one statement, however many rows there are.</summary>
internal static class CredentialFigures
{
    private enum Sort
    {
        State,
        Expiring,
        Overdue,
        Applications,
    }

    /// <exception cref="ArgumentException">The kind is not one that applications or credentials belong to.</exception>
    public static async Task<IReadOnlyDictionary<string, CredentialTally>> TallyAsync(DatabaseSession session, Type kind, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        string name = kind == typeof(WorkspaceRecord) ? "workspace.tally"
            : kind == typeof(ApplicationRecord) ? "application.tally"
            : kind == typeof(CredentialRecord) ? "credential.tally"
            : throw new ArgumentException("Applications belong to workspaces, and credentials to applications and to KeyPairs.", nameof(kind));
        Dictionary<string, CredentialTally> tallies = new(StringComparer.Ordinal);
        foreach (string id in ids)
        {
            tallies[id] = default;
        }

        using NpgsqlCommand command = session.Command(name).Texts("ids", tallies.Keys.Where(id => StoredText.CanBe(id)));
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var columns = new Columns(reader);
                tallies[columns.Text()] = new CredentialTally(columns.Number(), columns.LastUseOrNull());
            }
        }

        return tallies;
    }

    public static async Task<CredentialOverview> OverviewAsync(
        DatabaseSession session, IReadOnlyCollection<string>? workspaceIds, DateTimeOffset now, int shown, CancellationToken cancellationToken)
    {
        Dictionary<CredentialState, int> counts = [];
        int applications = 0;
        (List<string> expiring, List<string> overdue) = ([], []);
        using (NpgsqlCommand command = session.Command("credentials.overview"))
        {
            command.Texts("workspaces", workspaceIds?.Where(id => StoredText.CanBe(id))).Instant("at", now).Instant("soon", now + CredentialStates.ExpiringSoon).Number("limit", shown);
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    var columns = new Columns(reader);
                    (Sort sort, CredentialState state, int count) = ((Sort)columns.Number(), (CredentialState)columns.Number(), columns.Number());
                    switch (sort)
                    {
                        case Sort.State:
                            counts[state] = count;
                            break;
                        case Sort.Applications:
                            applications = count;
                            break;
                        default:
                            (sort == Sort.Expiring ? expiring : overdue).Add(columns.Text());
                            break;
                    }
                }
            }
        }

        List<IStoredRow> rows = await CredentialTransaction.TableOf(typeof(CredentialRecord)).GetAsync(session, [.. expiring.Union(overdue, StringComparer.Ordinal)], cancellationToken).ConfigureAwait(false);
        Dictionary<string, CredentialRecord> found = rows.Cast<CredentialRecord>().ToDictionary(row => row.Id, StringComparer.Ordinal);
        return new CredentialOverview
        {
            Counts = counts,
            Applications = applications,
            Expiring = [.. expiring.Where(found.ContainsKey).Select(id => found[id])],
            Overdue = [.. overdue.Where(found.ContainsKey).Select(id => found[id])],
        };
    }
}
