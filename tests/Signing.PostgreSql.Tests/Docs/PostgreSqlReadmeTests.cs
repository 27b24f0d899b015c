using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Signing.AspNetCore;
using Signing.Client;
using Signing.PostgreSql.Tests.DataProtection;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Docs;

public sealed class PostgreSqlReadmeTests(SharedServer server) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("signing-readme-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Ring => Path.Combine(_folder.FullName, "ring");

    private string Credentials => Path.Combine(_folder.FullName, "credentials.json");

    private string Journal => Path.Combine(_folder.FullName, "grants.journal");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_one_process_kept_in_files_is_good_on_two_nodes_after_the_lines_of_the_README()
    {
        string connection = await MakeDatabaseAsync();
        ApplicationResult key;
        string token;
        await using (WebApplication alone = await StartAsync(BuilderOfFiles()))
        {
            key = await CreateKeyAsync(alone);
            token = await LogInAsync(alone, key);
        }

        await PostgreSqlReadme.ImportAsync(BuilderOfNode(connection), Ring, Credentials, Journal);

        WebApplication[] nodes = await Task.WhenAll(StartAsync(BuilderOfNode(connection)), StartAsync(BuilderOfNode(connection)));
        foreach (WebApplication node in nodes)
        {
            var address = new Uri(node.Urls.Single());
            using var signed = new HttpClient(new MessageSigningHandler(new MessageSigningOptions { Key = key.Credential!.Key!, Secret = key.Text! }, new SocketsHttpHandler()));
            Assert.Equal("tea", await signed.GetStringAsync(new Uri(address, "/orders"), Cancellation));
            using var bearer = new HttpClient();
            bearer.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            Assert.Equal("tea", await bearer.GetStringAsync(new Uri(address, "/orders"), Cancellation));
            using var stranger = new HttpClient();
            using HttpResponseMessage refused = await stranger.GetAsync(new Uri(address, "/orders"), Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        // A second time there is something in the tables.
        await Assert.ThrowsAsync<InvalidOperationException>(() => PostgreSqlReadme.ImportAsync(BuilderOfNode(connection), Ring, Credentials, Journal));
        foreach (WebApplication node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_without_keys_is_refused_and_leaves_the_table_empty(bool isThere)
    {
        if (isThere)
        {
            Directory.CreateDirectory(Ring);
        }

        string schema = SharedServer.NewSchema();
        Exception refusal = await Assert.ThrowsAnyAsync<Exception>(() => PostgreSqlImport.ImportKeyRingAsync(server.Source, Ring, schema, Cancellation));

        Assert.IsType(isThere ? typeof(InvalidOperationException) : typeof(DirectoryNotFoundException), refusal);
        Assert.Contains(Ring, refusal.Message, StringComparison.Ordinal);
        await using NpgsqlCommand count = server.Source.CreateCommand($"SELECT count(*) FROM {schema}.data_protection_key");
        Assert.Equal(0L, await count.ExecuteScalarAsync(Cancellation));
    }

    private static async Task<ApplicationResult> CreateKeyAsync(WebApplication app)
    {
        var operate = app.Services.GetRequiredService<CredentialAdministration>();
        var ann = new Actor("ann@example.com");
        RowResult<WorkspaceRecord> acme = await operate.CreateWorkspaceAsync(new NewWorkspace { Name = "Acme" }, ann, Cancellation);
        return await operate.CreateApplicationWithCredentialAsync(
            new NewApplication { WorkspaceId = acme.Row!.Id, Name = "Web shop" }, new NewCredential { Kind = CredentialKind.KeyPair, Name = "Orders" }, ann, Cancellation);
    }

    private static async Task<string> LogInAsync(WebApplication app, ApplicationResult key)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("orders", client => client.BaseAddress = new Uri(app.Urls.Single())).AddAccessToken(key.Credential!.Key!, key.Text!);
        await using ServiceProvider provider = services.BuildServiceProvider();
        return (await provider.GetRequiredKeyedService<AccessTokenSource>("orders").GetAsync(Cancellation)).Value;
    }

    private static async Task<WebApplication> StartAsync(WebApplicationBuilder builder)
    {
        WebApplication app = builder.Build();
        app.MapTokenEndpoints("/auth");
        app.MapGet("/orders", () => "tea").RequireAuthorization(policy => policy
            .AddAuthenticationSchemes(SignatureDefaults.AuthenticationScheme, AccessTokenDefaults.AuthenticationScheme).RequireAuthenticatedUser());
        await app.StartAsync(Cancellation);
        return app;
    }

    private WebApplicationBuilder BuilderOfFiles()
    {
        WebApplicationBuilder builder = NewBuilder();
        builder.Services.AddDataProtection().SetApplicationName("orders").PersistKeysToFileSystem(Directory.CreateDirectory(Ring)).ProtectKeysWithCertificate(RingCertificate.Value);
        builder.Services.AddSigningCredentialFile(Credentials);
        builder.Services.Configure<TokenOptions>(tokens => tokens.JournalPath = Journal);
        builder.Services.AddAuthentication().AddMessageSignature();
        return builder;
    }

    private WebApplicationBuilder BuilderOfNode(string connection)
    {
        WebApplicationBuilder builder = NewBuilder();
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:Signing", connection)]);
        PostgreSqlReadme.AddNode(builder, RingCertificate.Value);
        return builder;
    }

    private WebApplicationBuilder NewBuilder()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production, ContentRootPath = _folder.FullName });
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRouting().AddAuthorization();
        builder.Services.AddSigningTokens(tokens => tokens.Issuer = new Uri("https://api.example.com/auth"));
        builder.Services.AddAuthentication().AddAccessToken();
        return builder;
    }

    private async Task<string> MakeDatabaseAsync()
    {
        string name = "readme_" + SharedServer.NewSchema();
        await using NpgsqlCommand create = server.Source.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync(Cancellation);
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString;
    }
}
