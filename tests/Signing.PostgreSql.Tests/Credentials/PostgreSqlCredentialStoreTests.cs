using Microsoft.AspNetCore.DataProtection;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Credentials.Store;

namespace Signing.PostgreSql.Tests.Credentials;

public sealed class PostgreSqlCredentialStoreTests(SharedServer server) : CredentialStoreContract, IAsyncLifetime
{
    private CredentialNode _node = null!;

    protected override ICredentialStore Store => _node.Store;

    protected override SecretSeal Seal { get; } = new(new EphemeralDataProtectionProvider());

    public async ValueTask InitializeAsync() => _node = new CredentialNode(server.Source, await server.MakeSchemaAsync(), Seal);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
