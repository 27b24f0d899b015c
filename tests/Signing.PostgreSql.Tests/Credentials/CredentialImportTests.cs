using Microsoft.AspNetCore.DataProtection;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Credentials.Rules;

namespace Signing.PostgreSql.Tests.Credentials;

public sealed class CredentialImportTests(SharedServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("signing-import-").FullName;
    private readonly string _schema = SharedServer.NewSchema();
    private readonly SecretSeal _seal = new(new EphemeralDataProtectionProvider());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string FilePath => Path.Combine(_folder, "credentials.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_of_credentials_becomes_tables_in_which_the_same_Keys_and_tokens_verify_and_everything_is_as_it_was()
    {
        SecretResult pair = await WriteFileAsync();
        string before = await File.ReadAllTextAsync(FilePath, Cancellation);

        Assert.Equal(2, await ImportAsync());

        Assert.Equal(before, await File.ReadAllTextAsync(FilePath, Cancellation));
        ICredentialStore store = new CredentialNode(server.Source, _schema, _seal).Store;
        using FileCredentialStore file = FileCredentialStore.Open(FilePath, _seal);
        Assert.Equal(await TextOfAsync(file), await TextOfAsync(store));
        Credential found = (await store.FindAsync(pair.Credential!.Key!, Cancellation))!;
        using var key = new SigningKey(pair.Credential.Key!, pair.Text!);
        byte[] mac = new byte[32];
        HmacSha256.Compute(key, "base"u8, mac);
        Assert.True(HmacSha256.Verify(found.Secrets[0], "base"u8, mac));
        Assert.NotNull(await ((IApiTokenSource)store).FindAsync(TokenHash.Of("acme_token_live_1"), Cancellation));

        // Numbers go on.
        long last = (await store.ListAuditAsync(new RowQuery(), Cancellation)).Rows[0].Number;
        await store.CommitAsync(new StoreChange([], [(await store.ListAuditAsync(new RowQuery(), Cancellation)).Rows[0]]), Cancellation);
        Assert.Equal(last + 1, (await store.ListAuditAsync(new RowQuery(), Cancellation)).Rows[0].Number);
    }

    [Fact]
    public async Task Nodes_that_run_on_the_empty_tables_meet_what_is_imported_as_soon_as_they_hear_of_it()
    {
        SecretResult pair = await WriteFileAsync();
        await PostgreSqlMigrations.ApplyAsync(server.Source, _schema, Cancellation);
        var node = new CredentialNode(server.Source, _schema, _seal);
        await new CredentialCanary(node.Database, _seal).RequireAsync(Cancellation);
        Assert.Null(await node.Store.FindAsync(pair.Credential!.Key!, Cancellation));
        Assert.True(node.Store.TryGetCached(pair.Credential.Key!, out Credential? _));

        await ImportAsync();

        await using Npgsql.NpgsqlCommand command = server.Source.CreateCommand($"SELECT number, kind FROM {_schema}.change");
        await using Npgsql.NpgsqlDataReader row = await command.ExecuteReaderAsync(Cancellation);
        Assert.True(await row.ReadAsync(Cancellation));
        node.Feed.Apply(row.GetInt64(0), [new ChangeNote((ChangeKind)row.GetInt16(1))]);
        Assert.False(await row.ReadAsync(Cancellation));
        Assert.NotNull(await node.Store.FindAsync(pair.Credential.Key!, Cancellation));
    }

    [Fact]
    public async Task Tables_of_nodes_with_another_key_ring_take_no_file()
    {
        await WriteFileAsync();
        await PostgreSqlMigrations.ApplyAsync(server.Source, _schema, Cancellation);
        var other = new SecretSeal(new EphemeralDataProtectionProvider());
        var node = new CredentialNode(server.Source, _schema, other);
        await new CredentialCanary(node.Database, other).RequireAsync(Cancellation);

        Assert.Equal(PostgreSqlStartFault.WrongKeyRing, (await Assert.ThrowsAsync<PostgreSqlStartException>(ImportAsync)).Fault);

        Assert.Empty((await node.Store.ListAsync<WorkspaceRecord>(new RowQuery(), Cancellation)).Rows);
    }

    [Fact]
    public async Task Tables_that_have_nothing_but_events_take_no_file()
    {
        await WriteFileAsync();
        await PostgreSqlMigrations.ApplyAsync(server.Source, _schema, Cancellation);
        ICredentialStore store = new CredentialNode(server.Source, _schema, _seal).Store;
        AuditEvent entry = new() { At = SampleRows.Now, Actor = "ann", Action = "workspace.deleted", Target = "ws_1", WorkspaceId = "ws_1", Outcome = "changed" };
        await store.CommitAsync(new StoreChange([], [entry]), Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(ImportAsync);

        Assert.Equal(entry with { Number = 1 }, Assert.Single((await store.ListAuditAsync(new RowQuery(), Cancellation)).Rows));
    }

    [Fact]
    public async Task A_second_import_is_refused_and_changes_nothing()
    {
        await WriteFileAsync();
        await ImportAsync();
        string before = await TextOfAsync(new CredentialNode(server.Source, _schema, _seal).Store);

        await Assert.ThrowsAsync<InvalidOperationException>(ImportAsync);

        Assert.Equal(before, await TextOfAsync(new CredentialNode(server.Source, _schema, _seal).Store));
    }

    [Fact]
    public async Task Of_an_import_that_fails_in_the_middle_nothing_is_there()
    {
        await WriteFileAsync(longKey: true);

        Assert.Equal("23514", (await Assert.ThrowsAsync<Npgsql.PostgresException>(ImportAsync)).SqlState);

        ICredentialStore store = new CredentialNode(server.Source, _schema, _seal).Store;
        Assert.Empty((await store.ListAsync<WorkspaceRecord>(new RowQuery(), Cancellation)).Rows);
        Assert.Empty((await store.ListAuditAsync(new RowQuery(), Cancellation)).Rows);
    }

    [Fact]
    public async Task A_file_that_is_open_is_of_another_key_ring_or_is_not_there_is_refused()
    {
        await WriteFileAsync();
        await Assert.ThrowsAsync<FileNotFoundException>(() => PostgreSqlImport.ImportCredentialFileAsync(server.Source, FilePath + "x", _seal, _schema, Cancellation));
        var other = new SecretSeal(new EphemeralDataProtectionProvider());
        CredentialStoreException wrong = await Assert.ThrowsAsync<CredentialStoreException>(() => PostgreSqlImport.ImportCredentialFileAsync(server.Source, FilePath, other, _schema, Cancellation));
        Assert.Equal(CredentialStoreFault.WrongKeyRing, wrong.Fault);
        using FileCredentialStore open = FileCredentialStore.Open(FilePath, _seal);
        Assert.Equal(CredentialStoreFault.Locked, (await Assert.ThrowsAsync<CredentialStoreException>(ImportAsync)).Fault);
    }

    private static async Task<string> TextOfAsync(ICredentialStore store)
    {
        List<string> lines = [];
        await AddAsync<WorkspaceRecord>();
        await AddAsync<ApplicationRecord>();
        await AddAsync<CredentialRecord>();
        await AddAsync<SharingKeyRecord>();
        lines.AddRange((await store.ListAuditAsync(new RowQuery { Limit = 200 }, Cancellation)).Rows.Select(entry => System.Text.Json.JsonSerializer.Serialize(entry)));
        return string.Join('\n', lines);

        async Task AddAsync<T>()
            where T : class, IStoredRow
            => lines.AddRange((await store.ListAsync<T>(new RowQuery { Limit = 200 }, Cancellation)).Rows.Select(row => System.Text.Json.JsonSerializer.Serialize(row)));
    }

    private async Task<SecretResult> WriteFileAsync(bool longKey = false)
    {
        using FileCredentialStore file = FileCredentialStore.Open(FilePath, _seal);
        var administration = new CredentialAdministration(file, _seal, new CredentialFormat("acme"));
        var ann = new Actor("ann");
        string workspace = (await administration.CreateWorkspaceAsync(new NewWorkspace { Name = "Acme", DefaultLifetime = TimeSpan.FromDays(30) }, ann, Cancellation)).Row!.Id;
        string application = (await administration.CreateApplicationAsync(new NewApplication { WorkspaceId = workspace, Name = "Web shop", ConnectedApis = ["orders"] }, ann, Cancellation)).Row!.Id;
        SecretResult pair = await administration.CreateCredentialAsync(new NewCredential { ApplicationId = application, Kind = CredentialKind.KeyPair, Name = "Orders", Scopes = ["read", "write"] }, ann, Cancellation);
        await administration.CreateSharingKeyAsync(new NewSharingKey { GrantorWorkspaceId = workspace, Name = "For beta" }, ann, Cancellation);
        SecretRecord hashed = SampleRows.Secret(1) with { Sealed = null, Hash = TokenHash.Of("acme_token_live_1") };
        CredentialRecord token = SampleRows.ApiToken with { Id = "crd_t", Name = "Nightly", ApplicationId = application, WorkspaceId = workspace, ParentId = pair.Credential!.Id, Secrets = [hashed] };
        await file.CommitAsync(new StoreChange([new RowEdit(null, token)], []), Cancellation);
        if (longKey)
        {
            await file.CommitAsync(new StoreChange([new RowEdit(null, SampleRows.KeyPair with { Key = new string('k', 257), Name = "Long", ApplicationId = application, WorkspaceId = workspace, Secrets = [] })], []), Cancellation);
        }

        return pair;
    }

    private Task<int> ImportAsync() => PostgreSqlImport.ImportCredentialFileAsync(server.Source, FilePath, _seal, _schema, Cancellation);
}
