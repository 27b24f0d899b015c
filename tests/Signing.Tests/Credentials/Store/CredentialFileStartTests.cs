using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Tests.Credentials.Rules;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials.Store;

/// <summary>Starts hosts with key rings and files of credentials on a real disk.</summary>
public sealed class CredentialFileStartTests : IDisposable
{
    private const string File = "data/credentials.json";

    private readonly string _directory = Directory.CreateTempSubdirectory("signing-file-").FullName;
    private readonly LogBook _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Ring => Path.Combine(_directory, "ring");

    private string FullPath => Path.Combine(_directory, "data", "credentials.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Outside_Development_an_unencrypted_key_ring_stops_the_start_before_anything_is_sealed_with_it()
    {
        await using WebApplication app = Build(Environments.Production);

        CredentialStoreException exception = await Assert.ThrowsAsync<CredentialStoreException>(() => app.StartAsync(Cancellation));

        Assert.Equal(CredentialStoreFault.UnprotectedKeyRing, exception.Fault);
        Assert.Contains("ProtectKeysWith", exception.Message);
        Assert.Contains("AllowUnprotectedKeyRing", exception.Message);
        Assert.False(Directory.Exists(Path.GetDirectoryName(FullPath)));
    }

    [Theory]
    [InlineData("Development", false)]
    [InlineData("Production", true)]
    public async Task In_Development_or_where_it_is_allowed_an_unencrypted_key_ring_is_a_warning(string environment, bool allowed)
    {
        await using WebApplication app = Build(environment, services => services.Configure<CredentialFileOptions>(options => options.AllowUnprotectedKeyRing = allowed));

        await app.StartAsync(Cancellation);

        Assert.Single(_log.Lines, line => line is { Level: LogLevel.Warning, Id: 2011 } && line.Text.Contains("unless AllowUnprotectedKeyRing", StringComparison.Ordinal));
        Assert.DoesNotContain(RingElements(), element => element.Name.LocalName == "encryptedSecret");
    }

    [Fact]
    public async Task A_key_ring_that_a_certificate_encrypts_is_enough()
    {
        using X509Certificate2 certificate = Certificate();
        await using WebApplication app = Build(Environments.Production, Protected(certificate));

        await app.StartAsync(Cancellation);

        Assert.DoesNotContain(_log.Lines, line => line.Id == 2011);
        Assert.Contains(RingElements(), element => element.Name.LocalName == "encryptedSecret");
    }

    [Fact]
    public async Task A_key_ring_that_was_written_before_it_was_encrypted_stops_the_start()
    {
        await RunAsync(Environments.Development);
        using X509Certificate2 certificate = Certificate();
        await using WebApplication app = Build(Environments.Production, Protected(certificate));

        Assert.Equal(CredentialStoreFault.UnprotectedKeyRing, (await Assert.ThrowsAsync<CredentialStoreException>(() => app.StartAsync(Cancellation))).Fault);
    }

    [Fact]
    public async Task An_encryptor_that_encrypts_nothing_counts_as_none()
    {
        await using WebApplication app = Build(Environments.Production, services => services.Configure<KeyManagementOptions>(options =>
            options.XmlEncryptor = new Microsoft.AspNetCore.DataProtection.XmlEncryption.NullXmlEncryptor()));

        Assert.Equal(CredentialStoreFault.UnprotectedKeyRing, (await Assert.ThrowsAsync<CredentialStoreException>(() => app.StartAsync(Cancellation))).Fault);
    }

    [Theory]
    [InlineData("another folder")]
    [InlineData("another name of the application")]
    public async Task Another_key_ring_or_name_of_the_application_stops_the_start_and_says_so(string difference)
    {
        await RunAsync(Environments.Development, CreateAsync);
        await using WebApplication app = Build(Environments.Development, services =>
        {
            if (difference == "another folder")
            {
                services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(_directory, "ring-2")));
            }
            else
            {
                services.AddDataProtection().SetApplicationName("another");
            }
        });

        CredentialStoreException exception = await Assert.ThrowsAsync<CredentialStoreException>(() => app.StartAsync(Cancellation));

        Assert.Equal(CredentialStoreFault.WrongKeyRing, exception.Fault);
        Assert.Contains("SetApplicationName", exception.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task A_new_key_of_the_ring_seals_everything_anew_at_the_start_so_that_the_old_one_may_go(int credentials)
    {
        await RunAsync(Environments.Development, credentials > 0 ? CreateAsync : null);
        string[] old = Directory.GetFiles(Ring);
        ReadOnlyMemory<byte> before = default;
        await RunAsync(Environments.Development, async services =>
        {
            before = credentials > 0 ? await SealedAsync(services) : default;
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            services.GetRequiredService<IKeyManager>().CreateNewKey(now, now.AddDays(400));
        });

        _log.Clear();
        await RunAsync(Environments.Development, async services => Assert.True(credentials == 0 || !(await SealedAsync(services)).Span.SequenceEqual(before.Span)));

        Assert.Contains(_log.Lines, line => line.Id == 2010 && line.Text.EndsWith($"{credentials} were sealed anew.", StringComparison.Ordinal));
        Array.ForEach(old, System.IO.File.Delete);
        await RunAsync(Environments.Development, async services =>
            Assert.Equal(credentials, (await services.GetRequiredService<ICredentialSource>().FindAsync(SampleRows.KeyPair.Key!, Cancellation))?.Secrets.Length ?? 0));
    }

    [Fact]
    public async Task The_file_is_open_before_the_first_request_and_closed_when_the_host_has_stopped()
    {
        await using WebApplication app = Build(Environments.Development);
        await app.StartAsync(Cancellation);
        var seal = app.Services.GetRequiredService<SecretSeal>();

        Assert.Equal(CredentialStoreFault.Locked, Assert.Throws<CredentialStoreException>(() => FileCredentialStore.Open(FullPath, seal)).Fault);

        await CreateAsync(app.Services);
        app.Services.GetRequiredService<LastUses>().Note(new Credential("crd_1"), Credential.NoSecret, new DefaultHttpContext(), SampleRows.Now);
        await app.StopAsync(Cancellation);
        using FileCredentialStore opened = FileCredentialStore.Open(FullPath, seal);
        Assert.Equal(SampleRows.Now, (await opened.GetAsync<CredentialRecord>("crd_1", Cancellation))!.LastUsed?.At);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_door_asks_the_file_whichever_is_registered_first(bool schemesFirst)
    {
        await using WebApplication app = Build(Environments.Development, services => services.AddAuthentication().AddMessageSignature().AddApiToken(), schemesFirst);
        await app.StartAsync(Cancellation);
        FileCredentialStore store = app.Services.GetRequiredService<FileCredentialStore>();

        Assert.Same(store, app.Services.GetRequiredService<ICredentialStore>());
        Assert.Same(store, app.Services.GetRequiredService<ICredentialSource>());
        Assert.Same(store, app.Services.GetRequiredService<IApiTokenSource>());
        Assert.Same(store, app.Services.GetRequiredService<ISharingKeySource>());
        RowResult<WorkspaceRecord> made = await app.Services.GetRequiredService<CredentialAdministration>()
            .CreateWorkspaceAsync(new NewWorkspace { Name = "Acme" }, new Actor("ann"), Cancellation);
        Assert.Equal(made.Row, await store.GetAsync<WorkspaceRecord>(made.Row!.Id, Cancellation));
    }

    [Theory]
    [InlineData("Signing:Credentials:0:Key", "shop_key_1")]
    [InlineData("Signing:ApiTokens:nightly:Hash", "00")]
    [InlineData("Signing:SharingKeys:beta:Hash", "00")]
    [InlineData("Signing:Applications:orders:Status", "suspended")]
    [InlineData("Signing:Workspaces:acme:Enabled", "false")]
    public async Task Credentials_in_the_configuration_beside_the_file_stop_the_start(string setting, string value)
    {
        // What has a key of its own without being a source reads no credentials.
        await using WebApplication app = Build(Environments.Development, services => services.AddKeyedSingleton("Partners", new object()), configuration: new() { [setting] = value });

        CredentialStoreException exception = await Assert.ThrowsAsync<CredentialStoreException>(() => app.StartAsync(Cancellation));

        Assert.Equal(CredentialStoreFault.SeveralSources, exception.Fault);
        Assert.Contains(string.Join(':', setting.Split(':')[..2]), exception.Message);
        Assert.DoesNotContain(value, exception.Message.Split("AddKeyedSingleton")[0].Replace("false", "", StringComparison.Ordinal).Split(' '));
    }

    [Fact]
    public async Task A_scheme_of_its_own_may_read_the_configuration_beside_the_file()
    {
        await using WebApplication app = Build(
            Environments.Development,
            services =>
            {
                services.AddKeyedSingleton<ICredentialSource>("Partners", (provider, _) => new ConfigurationCredentialSource(provider.GetRequiredService<IConfiguration>()));
                services.AddAuthentication().AddMessageSignature().AddMessageSignature("Partners");
            },
            configuration: new() { ["Signing:Credentials:0:Key"] = "partner_key_1", ["Signing:Credentials:0:Secret"] = "the secret of a partner" });

        await app.StartAsync(Cancellation);

        Assert.NotNull(await app.Services.GetRequiredKeyedService<ICredentialSource>("Partners").FindAsync("partner_key_1", Cancellation));
        Assert.Null(await app.Services.GetRequiredService<ICredentialSource>().FindAsync("partner_key_1", Cancellation));
    }

    [Fact]
    public async Task Another_source_beside_the_file_stops_the_start_and_is_named()
    {
        await using WebApplication app = Build(Environments.Development, services => services.AddSingleton<ICredentialSource>(new CredentialBook()));

        CredentialStoreException exception = await Assert.ThrowsAsync<CredentialStoreException>(() => app.StartAsync(Cancellation));

        Assert.Equal(CredentialStoreFault.SeveralSources, exception.Fault);
        Assert.Contains("AddKeyedSingleton<ICredentialSource>", exception.Message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("data/")]
    [InlineData("wwwroot/credentials.json")]
    [InlineData("data/../WWWROOT/credentials.json")]
    public async Task A_path_that_names_no_file_or_one_that_is_served_stops_the_start(string? path)
    {
        Directory.CreateDirectory(Path.Combine(_directory, "wwwroot"));
        await using WebApplication app = Build(Environments.Development, services => services.Configure<CredentialFileOptions>(options => options.Path = path));

        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(Cancellation));

        Assert.Contains("data/credentials.json", exception.Message);
    }

    [Fact]
    public async Task The_prefix_is_that_of_whatever_is_made_and_of_the_schemes_that_are_not_told_otherwise()
    {
        await using WebApplication app = Build(Environments.Development, services =>
        {
            services.AddSigningCredentialFile(options => options.Prefix = "acme");
            services.AddSigningTokens(options => options.Issuer = new Uri(TokenApi.Issuer));
            services.AddAuthentication().AddApiToken().AddApiToken("Other", options => options.Prefix = "other");
        });

        await app.StartAsync(Cancellation);

        Assert.Equal("acme", app.Services.GetRequiredService<CredentialFormat>().Prefix);
        Assert.Equal("acme", app.Services.GetRequiredService<IOptions<TokenOptions>>().Value.Prefix);
        var tokens = app.Services.GetRequiredService<IOptionsMonitor<ApiTokenOptions>>();
        Assert.Equal(["acme", "other"], [tokens.Get(ApiTokenDefaults.AuthenticationScheme).Prefix, tokens.Get("Other").Prefix]);
        Assert.Single(app.Services.GetServices<ICredentialStore>());
    }

    [Theory]
    [InlineData("A_b")]
    [InlineData("")]
    public void A_prefix_of_another_shape_is_named(string prefix)
    {
        var options = new CredentialFileOptions { Path = File, Prefix = prefix };

        Assert.StartsWith("Prefix", Assert.Single(Assert.Throws<OptionsValidationException>(options.Validate).Failures));
    }

    [Fact]
    public async Task A_section_names_the_file_and_is_read_strictly()
    {
        var settings = new Dictionary<string, string?>
        {
            ["File:Path"] = "elsewhere/keys.json",
            ["File:Prefix"] = "acme",
            ["File:AllowUnprotectedKeyRing"] = "true",
        };
        await using (WebApplication app = Build(Environments.Production, configure: FromSection, configuration: settings))
        {
            await app.StartAsync(Cancellation);
            Assert.True(System.IO.File.Exists(Path.Combine(_directory, "elsewhere", "keys.json")));
            Assert.Equal("acme", app.Services.GetRequiredService<CredentialFormat>().Prefix);
        }

        settings["File:AllowUnprotectedKeyRing"] = "false";
        await using (WebApplication refused = Build(Environments.Production, configure: FromSection, configuration: settings))
        {
            Assert.Equal(CredentialStoreFault.UnprotectedKeyRing, (await Assert.ThrowsAsync<CredentialStoreException>(() => refused.StartAsync(Cancellation))).Fault);
        }

        settings["File:Pat"] = "x";
        await using WebApplication wrong = Build(Environments.Production, configure: FromSection, configuration: settings);
        Assert.Contains("File:Pat", (await Assert.ThrowsAsync<OptionsValidationException>(() => wrong.StartAsync(Cancellation))).Message);
    }

    private static void FromSection(WebApplicationBuilder builder) => builder.Services.AddSigningCredentialFile(builder.Configuration.GetSection("File"));

    private static Action<IServiceCollection> Protected(X509Certificate2 certificate) => services => services.AddDataProtection().ProtectKeysWithCertificate(certificate);

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static async Task CreateAsync(IServiceProvider services)
    {
        SecretRecord secret = SampleRows.Secret(1) with { Sealed = services.GetRequiredService<SecretSeal>().Seal("crd_1", 1, "the first secret, long enough") };
        ChangeStatus status = await services.GetRequiredService<ICredentialStore>().CommitAsync(
            new StoreChange([new RowEdit(null, SampleRows.Workspace), new RowEdit(null, SampleRows.Application), new RowEdit(null, SampleRows.KeyPair with { Secrets = [secret] })], []), Cancellation);
        Assert.Equal(ChangeStatus.Changed, status);
    }

    private static async Task<ReadOnlyMemory<byte>> SealedAsync(IServiceProvider services) =>
        (await services.GetRequiredService<ICredentialStore>().GetAsync<CredentialRecord>("crd_1", Cancellation))!.Secrets[0].Sealed!.Value;

    private IEnumerable<XElement> RingElements() => Directory.GetFiles(Ring).SelectMany(path => XDocument.Load(path).Descendants());

    private async Task RunAsync(string environment, Func<IServiceProvider, Task>? use = null)
    {
        await using WebApplication app = Build(environment);
        await app.StartAsync(Cancellation);
        await (use?.Invoke(app.Services) ?? Task.CompletedTask);
        await app.StopAsync(Cancellation);
    }

    private WebApplication Build(
        string environment, Action<IServiceCollection>? add = null, bool addFirst = false, Action<WebApplicationBuilder>? configure = null, Dictionary<string, string?>? configuration = null)
    {
        WebApplicationBuilder host = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            EnvironmentName = environment,
            ContentRootPath = _directory,
            WebRootPath = "wwwroot",
        });
        host.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        host.Logging.AddProvider(_log).SetMinimumLevel(LogLevel.Trace);
        host.Configuration.AddInMemoryCollection(configuration ?? []);
        host.Services.AddRouting();
        host.Services.AddDataProtection().SetApplicationName("signing tests").PersistKeysToFileSystem(new DirectoryInfo(Ring));
        if (addFirst)
        {
            add?.Invoke(host.Services);
        }

        configure ??= builder => builder.Services.AddSigningCredentialFile(File);
        configure(host);
        if (!addFirst)
        {
            add?.Invoke(host.Services);
        }

        return host.Build();
    }
}
