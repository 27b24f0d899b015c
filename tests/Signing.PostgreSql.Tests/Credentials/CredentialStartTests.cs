using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Credentials;

/// <summary>Starts hosts that keep their credentials in PostgreSQL.</summary>
public sealed class CredentialStartTests(SharedServer server) : IDisposable
{
    private readonly string _ring = Directory.CreateTempSubdirectory("signing-ring-").FullName;
    private readonly string _schema = SharedServer.NewSchema();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_ring, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_door_asks_PostgreSQL_whichever_is_registered_first(bool schemesFirst)
    {
        using IHost host = await StartAsync(services => services.AddAuthentication().AddMessageSignature().AddApiToken(), schemesFirst);

        var store = host.Services.GetRequiredService<ICredentialStore>();
        Assert.IsType<PostgreSqlCredentialStore>(store);
        Assert.Same(store, host.Services.GetRequiredService<ICredentialSource>());
        Assert.Same(store, host.Services.GetRequiredService<IApiTokenSource>());
        Assert.Same(store, host.Services.GetRequiredService<ISharingKeySource>());
        RowResult<WorkspaceRecord> made = await host.Services.GetRequiredService<CredentialAdministration>().CreateWorkspaceAsync(new NewWorkspace { Name = "Acme" }, new Actor("ann"), Cancellation);
        Assert.Equal(made.Row, await store.GetAsync<WorkspaceRecord>(made.Row!.Id, Cancellation));
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_key_that_is_revoked_on_one_host_is_refused_on_the_other_within_a_second()
    {
        using IHost one = await StartAsync();
        using IHost two = await StartAsync();
        var administration = one.Services.GetRequiredService<CredentialAdministration>();
        var ann = new Actor("ann");
        string workspace = (await administration.CreateWorkspaceAsync(new NewWorkspace { Name = "Acme" }, ann, Cancellation)).Row!.Id;
        ApplicationResult made = await administration.CreateApplicationWithCredentialAsync(
            new NewApplication { WorkspaceId = workspace, Name = "Shop" }, new NewCredential { ApplicationId = "", Kind = CredentialKind.KeyPair, Name = "Key" }, ann, Cancellation);
        CredentialRecord row = made.Credential!;
        var store = two.Services.GetRequiredService<ICredentialStore>();
        Assert.Equal(CredentialStatus.Valid, (await store.FindAsync(row.Key!, Cancellation))!.Evaluate(0, TimeProvider.System.GetUtcNow()));

        await administration.RevokeAsync(row.Id, null, null, TimeSpan.Zero, ann, Cancellation);
        long began = TimeProvider.System.GetTimestamp();
        while (store.TryGetCached(row.Key!, out Credential? known) && known!.Status != StoredStatus.Revoked)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(StoredStatus.Revoked, (await store.FindAsync(row.Key!, Cancellation))!.Status);
    }

    [Fact]
    public async Task Another_key_ring_stops_the_start_and_says_so()
    {
        using (await StartAsync())
        {
        }

        PostgreSqlStartException refusal = await RefusalAsync(services => services.AddDataProtection().SetApplicationName("another"));

        Assert.Equal(PostgreSqlStartFault.WrongKeyRing, refusal.Fault);
        Assert.Contains("SetApplicationName", refusal.Message);
    }

    [Fact]
    public async Task Outside_Development_an_unencrypted_key_ring_stops_the_start_unless_it_is_allowed()
    {
        PostgreSqlStartException refusal = await Assert.ThrowsAsync<PostgreSqlStartException>(() => StartAsync(environment: Environments.Production));
        Assert.Equal(PostgreSqlStartFault.UnprotectedKeyRing, refusal.Fault);
        Assert.Empty(Directory.GetFiles(_ring));

        using IHost host = await StartAsync(services => services.Configure<PostgreSqlOptions>(options => options.AllowUnprotectedKeyRing = true), environment: Environments.Production);
    }

    [Theory]
    [InlineData("source")]
    [InlineData("configuration")]
    public async Task Another_source_of_credentials_stops_the_start_and_is_named(string other)
    {
        PostgreSqlStartException refusal = await RefusalAsync(services =>
        {
            if (other == "source")
            {
                services.AddSingleton<ICredentialSource>(new CredentialBook());
                return;
            }

            services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("Signing:Workspaces:acme:Enabled", "false")]).Build());
        });

        Assert.Equal(PostgreSqlStartFault.SeveralSources, refusal.Fault);
        Assert.Contains(other == "source" ? "AddKeyedSingleton<ICredentialSource>" : "Signing:Workspaces", refusal.Message);
        Assert.Contains("AddSigningPostgreSql", refusal.Message);
    }

    [Fact]
    public async Task The_prefix_is_that_of_whatever_is_made_and_of_the_schemes_that_are_not_told_otherwise()
    {
        using IHost host = await StartAsync(services =>
        {
            services.Configure<PostgreSqlOptions>(options => options.Prefix = "acme");
            services.AddAuthentication().AddApiToken().AddApiToken("Other", options => options.Prefix = "other");
        });

        Assert.Equal("acme", host.Services.GetRequiredService<CredentialFormat>().Prefix);
        var tokens = host.Services.GetRequiredService<IOptionsMonitor<ApiTokenOptions>>();
        Assert.Equal(["acme", "other"], [tokens.Get(ApiTokenDefaults.AuthenticationScheme).Prefix, tokens.Get("Other").Prefix]);
    }

    private async Task<PostgreSqlStartException> RefusalAsync(Action<IServiceCollection> add) => await Assert.ThrowsAsync<PostgreSqlStartException>(() => StartAsync(add));

    private async Task<IHost> StartAsync(Action<IServiceCollection>? add = null, bool addFirst = false, string? environment = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment ?? Environments.Development });
        builder.Services.AddRouting();
        builder.Services.AddDataProtection().SetApplicationName("signing tests").PersistKeysToFileSystem(new DirectoryInfo(_ring));
        if (addFirst)
        {
            add?.Invoke(builder.Services);
        }

        builder.Services.AddSigningPostgreSql(server.Source, PostgreSqlParts.Credentials, options => options.Schema = _schema);
        if (!addFirst)
        {
            add?.Invoke(builder.Services);
        }

        IHost host = builder.Build();
        await host.StartAsync(Cancellation);
        return host;
    }
}
