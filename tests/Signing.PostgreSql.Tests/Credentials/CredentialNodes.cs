using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Credentials.Rules;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Credentials;

/// <summary>Nodes that share the credentials of one schema, which is the test's own.</summary>
public abstract class CredentialNodes(SharedServer server) : IAsyncLifetime
{
    protected static readonly DateTimeOffset Now = SampleRows.Now;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected SharedServer Server => server;

    protected string Schema { get; private set; } = "";

    protected SecretSeal Seal { get; } = new(new EphemeralDataProtectionProvider());

    protected ManualTimeProvider Time { get; } = new(Now);

    private protected CredentialNode Node { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Schema = await server.MakeSchemaAsync();
        Node = NewNode();
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected CredentialNode NewNode() => new(server.Source, Schema, Seal, Time);

    private protected async Task<CredentialNode> NewNodeAsync()
    {
        CredentialNode node = NewNode();
        await HearAsync(node);
        return node;
    }

    /// <summary>Has a node hear of all that was changed since it heard last.</summary>
    private protected static Task HearAsync(CredentialNode node) => node.HearAsync(Cancellation);

    private protected async Task CommitAsync(params RowEdit[] edits) =>
        Assert.Equal(ChangeStatus.Changed, await Node.Store.CommitAsync(new StoreChange(edits, []), Cancellation));

    /// <summary>Creates a workspace, an application, a KeyPair and a long-lived token of it.</summary>
    private protected async Task<(CredentialRecord Pair, CredentialRecord Token)> CreateAsync()
    {
        CredentialRecord pair = SampleRows.KeyPair with { Secrets = [SecretOf("crd_1", 1, "the first secret, long enough")] };
        CredentialRecord token = SampleRows.ApiToken with
        {
            Id = "crd_2",
            Name = "Nightly",
            ParentId = pair.Id,
            Secrets = [SampleRows.Secret(1) with { Sealed = null, Hash = TokenHash.Of("acme_token_live_1") }],
        };
        await CommitAsync(new RowEdit(null, SampleRows.Workspace), new RowEdit(null, SampleRows.Application), new RowEdit(null, pair), new RowEdit(null, token));
        return (pair, token);
    }

    private protected SecretRecord SecretOf(string credentialId, int version, string text) => SampleRows.Secret(version) with { Sealed = Seal.Seal(credentialId, version, text) };

    private protected async Task<T> AskAsync<T>(string question)
    {
        await using NpgsqlCommand command = server.Source.CreateCommand(question.Replace("signing.", Schema + ".", StringComparison.Ordinal));
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private protected async Task<PostgresException> RefusalAsync(string statement) => await Assert.ThrowsAsync<PostgresException>(() => RunAsync(statement));

    private protected async Task RunAsync(string statement)
    {
        await using NpgsqlCommand command = server.Source.CreateCommand(statement.Replace("signing.", Schema + ".", StringComparison.Ordinal));
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
