using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Tokens;

namespace Signing.PostgreSql.Tests.Grants;

public sealed class PostgreSqlGrantStoreTests(SharedServer server) : GrantStoreContract, IAsyncLifetime
{
    private string _schema = "";

    public async ValueTask InitializeAsync() => _schema = await server.MakeSchemaAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override IGrantStore Open(int capacity = 1024) => new GrantNode(server.Source, _schema, Time, capacity).Store;
}
