using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.DataProtection;

/// <summary>Nodes whose key ring is in the database, beside what it seals.</summary>
public sealed class SharedSecretTests(SharedServer server)
{
    private static readonly Actor Ann = new("ann");

    private readonly string _schema = SharedServer.NewSchema();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_retrievable_ApiToken_and_a_Secret_that_one_node_has_sealed_open_on_every_node()
    {
        IHost[] hosts = [HostOf(), HostOf(), HostOf()];
        await Task.WhenAll(hosts.Select(host => Task.Run(() => host.StartAsync(Cancellation), Cancellation)));
        CredentialAdministration[] desks = [.. hosts.Select(host => host.Services.GetRequiredService<CredentialAdministration>())];
        string application = await CreateApplicationAsync(desks[0]);
        SecretResult token = await desks[0].CreateCredentialAsync(NewOf(application, CredentialKind.ApiToken), Ann, Cancellation);
        SecretResult pair = await desks[1].CreateCredentialAsync(NewOf(application, CredentialKind.KeyPair), Ann, Cancellation);
        Assert.All([token, pair], made => Assert.Equal(ChangeStatus.Changed, made.Status));

        IHost late = HostOf();
        await late.StartAsync(Cancellation);
        foreach (IHost host in (IHost[])[.. hosts, late])
        {
            var desk = host.Services.GetRequiredService<CredentialAdministration>();
            Assert.Equal(token.Text, (await desk.RevealAsync(token.Credential!.Id, secretVersion: null, Ann, Cancellation)).Text);
            Assert.Equal(pair.Text, (await desk.RevealAsync(pair.Credential!.Id, secretVersion: null, Ann, Cancellation)).Text);
            Assert.NotNull(await host.Services.GetRequiredService<IApiTokenSource>().FindAsync(TokenHash.Of(token.Text!), Cancellation));
            Assert.True(Verifies((await host.Services.GetRequiredService<ICredentialSource>().FindAsync(pair.Credential.Key!, Cancellation))!, pair));
            await host.StopAsync(Cancellation);
            host.Dispose();
        }
    }

    private static bool Verifies(Credential found, SecretResult made)
    {
        using var key = new SigningKey(made.Credential!.Key!, made.Text!);
        byte[] mac = new byte[32];
        HmacSha256.Compute(key, "base"u8, mac);
        return HmacSha256.Verify(found.Secrets[0], "base"u8, mac);
    }

    private static NewCredential NewOf(string application, CredentialKind kind) => new() { ApplicationId = application, Kind = kind, Name = kind.ToString() };

    private static async Task<string> CreateApplicationAsync(CredentialAdministration desk)
    {
        string workspace = (await desk.CreateWorkspaceAsync(new NewWorkspace { Name = "Acme", Disclosure = SecretDisclosure.Retrievable }, Ann, Cancellation)).Row!.Id;
        return (await desk.CreateApplicationAsync(new NewApplication { WorkspaceId = workspace, Name = "Shop" }, Ann, Cancellation)).Row!.Id;
    }

    private IHost HostOf()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Production });
        builder.Services.AddSigningPostgreSql(server.Source, PostgreSqlParts.Credentials | PostgreSqlParts.Grants, options => options.Schema = _schema);
        builder.Services.AddDataProtection().SetApplicationName("tests").PersistKeysToPostgreSql().ProtectKeysWithCertificate(RingCertificate.Value);
        return builder.Build();
    }
}
