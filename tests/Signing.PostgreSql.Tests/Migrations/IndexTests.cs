using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Migrations;

/// <summary>What the indexes are for: the plans that PostgreSQL makes where there are many rows.</summary>
public sealed partial class IndexTests(SharedServer server)
{
    private const string Key = "key_77";

    private const string Rows = """
        INSERT INTO signing.workspace
        SELECT 'ws_' || i, 1, 'W', true, 1, false, NULL, '90 days', '1 day', now() - i * interval '1 minute', 'ann', 'W' FROM generate_series(1, 10000) AS i;
        INSERT INTO signing.application
        SELECT 'app_' || i, 1, 'ws_' || i, 'A', NULL, NULL, '{}', 1, now() - i * interval '1 minute', 'ann', 'A' FROM generate_series(1, 10000) AS i;
        INSERT INTO signing.credential (id, version, application_id, workspace_id, kind, key, name, environment, scopes, client_secret_allowed, status, created_at, created_by, search)
        SELECT 'crd_' || i, 1, 'app_' || i, 'ws_' || i, 1, 'key_' || i, 'C', 'live', '{}', false, 1, now() - i * interval '1 minute', 'ann', 'C' FROM generate_series(1, 10000) AS i;
        INSERT INTO signing.credential_secret (credential_id, version, position, hint, disclosure, sealed, hash, created_at)
        SELECT 'crd_' || i, 1, 1, '', 1, decode(repeat('00', 200), 'hex'), sha256(i::text::bytea), now() FROM generate_series(1, 10000) AS i;
        INSERT INTO signing.sharing_key (id, version, grantor_workspace_id, grantee_workspace_id, name, scopes, status, secret_version, hint, disclosure, hash, secret_created_at, created_at, created_by, search)
        SELECT 'shk_' || i, 1, 'ws_' || i, 'ws_' || 10001 - i, 'S', '{}', 1, 1, '', 1, sha256(i::text::bytea), now(), now() - i * interval '1 minute', 'ann', 'S' FROM generate_series(1, 10000) AS i;
        INSERT INTO signing.sharing_key_binding SELECT 'shk_' || i, 'ws_1' FROM generate_series(1, 10000) AS i;
        INSERT INTO signing.audit SELECT i, now(), 'ann', 'edit', 'crd_' || i, 'ws_' || i, 'ws_' || 10001 - i, NULL, 'changed', 'ANN' FROM generate_series(1, 10000) AS i;
        INSERT INTO signing.change SELECT i, 1, now(), 3, 'crd_' || i FROM generate_series(1, 10000) AS i;
        UPDATE signing.change_head SET number = 10000;
        INSERT INTO signing.token_grant
        SELECT gen_random_uuid(), 'key_' || i, 'crd_' || i, 'app_' || i, 'ws_' || i, 'ws_' || i, 'shk_' || i, '{}', 1, 1, now(), now(), now() + interval '1 hour', NULL, false, NULL, 0,
               now() + interval '1 hour', i % 16 FROM generate_series(1, 10000) AS i;
        ANALYZE signing.workspace, signing.application, signing.credential, signing.credential_secret, signing.sharing_key, signing.sharing_key_binding, signing.audit, signing.change, signing.change_head, signing.token_grant;
        """;

    private static readonly byte[] Hash = new byte[32];
    private static readonly string[] Ids = ["crd_1", "crd_2", "crd_3"];
    private static readonly string[] Workspaces = ["ws_1", "ws_2"];
    private static readonly Func<NpgsqlCommand, NpgsqlCommand> Nothing = static command => command;

    private static readonly (string Statement, Func<NpgsqlCommand, NpgsqlCommand> Add)[] Cases =
    [
        ("credential.find", command => command.Text("key", Key)),
        ("token.find", command => command.Bytes("hash", Hash)),
        ("sharing_key.find", command => command.Bytes("hash", Hash)),
        ("sharing_key.find_by_id", command => command.Text("id", "shk_77")),
        ("grants.find", command => command.GrantId(1)),
        ("grants.hold", command => command.GrantId(1)),
        ("grants.use", command => command.GrantId(1).Number("sequence", 1)),
        ("grants.due", Nothing),
        ("grants.sweep", command => command.Number("most", 16)),
        .. Enumerable.Range(1, 5).Select(owner => ("grants.revoke_all", (Func<NpgsqlCommand, NpgsqlCommand>)(command =>
            command.Number("owner", owner).Text("value", Key).Number("most", 5000).Small("reason", 1)))),
        ("bindings.find", command => command.Text("sharing_key_id", "shk_77")),
        ("changes.read", command => command.Long("applied", 9_999)),
        ("credential.get", command => command.Texts("ids", Ids)),
        ("credential.list", command => Page(command, null).Text("application", null).Text("parent", null).Small("kind", 0)),
        ("credential.list", command => Page(command, Workspaces).Text("application", null).Text("parent", null).Small("kind", 0)),
        ("credential.list", command => Page(command, null).Text("application", "app_7").Text("parent", null).Small("kind", 0)),
        ("credential.list", command => Page(command, null).Text("application", null).Text("parent", "crd_7").Small("kind", 0)),
        ("credential.tally", command => command.Texts("ids", Ids)),
        ("credential.due", command => command.Number("limit", 100)),
        ("credential.is_referred_to", command => command.Text("id", "crd_7")),
        ("credential.mark_used", command => WithUses(command).Numbers("versions", [1])),
        ("application.list", command => Page(command, null)),
        ("application.list", command => Page(command, Workspaces)),
        ("application.tally", command => command.Texts("ids", ["app_1", "app_2"])),
        ("application.is_referred_to", command => command.Text("id", "app_7")),
        ("workspace.list", command => Page(command, null)),
        ("workspace.tally", command => command.Texts("ids", Workspaces)),
        ("workspace.is_referred_to", command => command.Text("id", "ws_7")),
        ("sharing_key.list", command => Page(command, null)),
        ("sharing_key.list", command => Page(command, Workspaces)),
        ("sharing_key.mark_used", WithUses),
        ("audit.list", command => Events(command, null)),
        ("audit.list", command => Events(command, "app_7")),
        ("audit.list_of_workspaces", command => Events(command, null).Texts("workspaces", Workspaces)),
        ("audit.list_of_workspaces", command => Events(command, "app_7").Texts("workspaces", Workspaces)),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Neither_a_request_nor_a_page_reads_a_whole_table_of_ten_thousand_rows()
    {
        string schema = await server.MakeSchemaAsync();
        var database = new Database(server.Source, new PostgreSqlOptions { Schema = schema });
        await using NpgsqlConnection connection = await server.Source.OpenConnectionAsync(Cancellation);
        await using (NpgsqlCommand fill = new(Rows.Replace("signing.", schema + ".", StringComparison.Ordinal), connection))
        {
            await fill.ExecuteNonQueryAsync(Cancellation);
        }

        List<string> offenders = [];
        foreach ((string statement, Func<NpgsqlCommand, NpgsqlCommand> add) in Cases)
        {
            string plan = await PlanAsync(add(database.Command(statement, connection)));
            if (WholeTable().IsMatch(plan))
            {
                offenders.Add(statement + '\n' + plan);
            }
        }

        Assert.True(offenders.Count == 0, string.Join('\n', offenders));
    }

    // These have one row, or a row for each part.
    [GeneratedRegex("Seq Scan on (?!change_head|token_grant_part)", RegexOptions.ExplicitCapture)]
    private static partial Regex WholeTable();

    private static NpgsqlCommand WithUses(NpgsqlCommand command) =>
        command.Texts("ids", ["crd_1"]).Instants("at", [DateTimeOffset.UnixEpoch]).Texts("addresses", [null]).Duration("interval", TimeSpan.FromMinutes(1));

    private static NpgsqlCommand Page(NpgsqlCommand command, string[]? workspaces) =>
        command.Texts("workspaces", workspaces).Text("text", null).Instant("after_at", DateTimeOffset.UnixEpoch.AddYears(60)).Text("after_id", "").Number("limit", 51);

    private static NpgsqlCommand Events(NpgsqlCommand command, string? application) =>
        command.Text("text", null).Text("application", application).Long("before", 5_000).Number("limit", 51);

    private static async Task<string> PlanAsync(NpgsqlCommand command)
    {
        await using (command)
        {
            command.CommandText = "EXPLAIN " + command.CommandText;
            await using NpgsqlDataReader line = await command.ExecuteReaderAsync(Cancellation);
            var plan = new StringBuilder();
            while (await line.ReadAsync(Cancellation))
            {
                plan.AppendLine(line.GetString(0));
            }

            return plan.ToString();
        }
    }
}
