using System.Diagnostics;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Tokens;

public sealed class TokenStartTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signing-start-").FullName;
    private readonly KeysInMemory _ring = new();
    private readonly CredentialBook _credentials = new();
    private readonly Credential _client = new("key_1");
    private readonly LogBook _log = new();

    public TokenStartTests() => _credentials.Set(_client);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Outside_Development_an_unencrypted_key_ring_stops_the_start()
    {
        await using WebApplication app = Build(Environments.Production);

        TokenStartException exception = await Assert.ThrowsAsync<TokenStartException>(() => app.StartAsync(Cancellation));

        Assert.Equal(TokenStartFault.UnprotectedKeyRing, exception.Fault);
        Assert.Contains("AllowUnprotectedKeyRing", exception.Message);
        Assert.Contains("ProtectKeysWith", exception.Message);
        Assert.Empty(await app.Services.GetRequiredService<IGrantStore>().GetMasterKeysAsync(Cancellation));
    }

    [Theory]
    [InlineData("Development", false)]
    [InlineData("Production", true)]
    public async Task In_Development_or_where_it_is_allowed_an_unencrypted_key_ring_is_a_warning(string environment, bool allowed)
    {
        await using WebApplication app = Build(environment, options => options.AllowUnprotectedKeyRing = allowed);

        await app.StartAsync(Cancellation);

        Assert.Single(_log.Lines, line => line is { Level: LogLevel.Warning, Id: 3010 } && line.Text.Contains("unless AllowUnprotectedKeyRing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_encrypted_key_ring_is_enough()
    {
        await using WebApplication app = Build(Environments.Production, encrypted: true);

        await app.StartAsync(Cancellation);

        Assert.DoesNotContain(_log.Lines, line => line.Id == 3010);
    }

    [Fact]
    public async Task A_key_ring_that_was_written_before_it_was_encrypted_stops_the_start()
    {
        await using (WebApplication before = Build(Environments.Development))
        {
            await before.StartAsync(Cancellation);
            await before.StopAsync(Cancellation);
        }

        await using WebApplication app = Build(Environments.Production, encrypted: true);

        Assert.Equal(TokenStartFault.UnprotectedKeyRing, (await Assert.ThrowsAsync<TokenStartException>(() => app.StartAsync(Cancellation))).Fault);
    }

    [Fact]
    public void A_key_ring_in_the_framework_s_own_place_is_unencrypted_except_on_Windows()
    {
        var protection = new KeyRingProtection(new KeyManagementOptions(), isDevelopment: false);
        bool isRefused = false;
        void Check() => protection.Require(isAllowed: false, () => Assert.Fail("It may start."), () =>
        {
            isRefused = true;
            return new InvalidOperationException();
        });

        if (!OperatingSystem.IsWindows())
        {
            Assert.Throws<InvalidOperationException>(Check);
        }

        Assert.Equal(!OperatingSystem.IsWindows(), isRefused);
    }

    [Theory]
    [InlineData(true, null, null, true)]
    [InlineData(true, null, "shared", true)]
    [InlineData(true, "a1b2c3", "", true)]
    [InlineData(true, "a1b2c3", "shared", false)]
    [InlineData(false, null, "shared", false)]
    [InlineData(false, "a1b2c3", "shared", false)]
    public void A_key_ring_in_the_framework_s_own_place_is_unencrypted_on_Azure_App_Service_whatever_the_system(
        bool isWindows, string? instance, string? home, bool isEncrypted) =>
        Assert.Equal(isEncrypted, KeyRingProtection.IsEncryptedByTheFramework(isWindows, name => name switch
        {
            "WEBSITE_INSTANCE_ID" => instance,
            "HOME" => home,
            _ => throw new UnreachableException(),
        }));

    [Fact]
    public void Each_key_of_a_ring_has_to_be_encrypted_and_nothing_else_in_it()
    {
        var encryptor = new HidingEncryptor();
        var ring = new KeysInMemory();
        var protection = new KeyRingProtection(new KeyManagementOptions { XmlRepository = ring, XmlEncryptor = encryptor }, isDevelopment: false);
        void Check() => protection.Require(isAllowed: false, () => Assert.Fail("It is encrypted."), () => new InvalidOperationException());
        XElement KeyOf(Type decryptor) =>
            new("key", new XElement("descriptor", new XElement("encryptedSecret", new XAttribute("decryptorType", decryptor.AssemblyQualifiedName!), new XElement("value"))));

        ring.StoreElement(new XElement("revocation", new XElement("key")), "revocation");
        ring.StoreElement(KeyOf(encryptor.GetType()), "encrypted");
        Check();

        // As the framework writes it with an encryptor that encrypts nothing.
        ring.StoreElement(KeyOf(typeof(NullXmlDecryptor)), "plain");
        Assert.Throws<InvalidOperationException>(Check);

        protection = new KeyRingProtection(new KeyManagementOptions { XmlEncryptor = encryptor }, isDevelopment: false);
        Check();
    }

    [Fact]
    public async Task A_journal_keeps_logins_across_restarts_of_the_host()
    {
        IssuedTokens tokens;
        await using (WebApplication before = Build(Environments.Development, options => options.JournalPath = "data/grants.journal"))
        {
            await before.StartAsync(Cancellation);
            tokens = await LogInAsync(before);
            await before.StopAsync(Cancellation);
        }

        Assert.True(File.Exists(Path.Combine(_directory, "data", "grants.journal")));
        await using WebApplication after = Build(Environments.Development, options => options.JournalPath = "data/grants.journal");
        await after.StartAsync(Cancellation);

        Assert.True((await after.Services.GetRequiredService<TokenVerifier>().VerifyAccessAsync(tokens.AccessToken, Cancellation)).IsValid);
    }

    [Fact]
    public async Task A_journal_of_another_key_ring_stops_the_start()
    {
        string path = Path.Combine(_directory, "grants.journal");
        using (JournalGrantStore store = JournalGrantStore.Open(path))
        {
            await store.AddMasterKeyAsync(new SealedMasterKey { Version = 1, Sealed = [1, 2, 3, 4], Created = DateTimeOffset.UnixEpoch }, Cancellation);
        }

        await using WebApplication app = Build(Environments.Development, options => options.JournalPath = path);

        Assert.Equal(TokenStartFault.WrongKeyRing, (await Assert.ThrowsAsync<TokenStartException>(() => app.StartAsync(Cancellation))).Fault);
    }

    [Fact]
    public async Task A_journal_that_another_process_has_stops_the_start()
    {
        string path = Path.Combine(_directory, "grants.journal");
        using JournalGrantStore other = JournalGrantStore.Open(path);
        await using WebApplication app = Build(Environments.Development, options => options.JournalPath = path);

        Assert.Equal(TokenStartFault.JournalLocked, (await Assert.ThrowsAsync<TokenStartException>(() => app.StartAsync(Cancellation))).Fault);
    }

    [Fact]
    public async Task Wrong_options_stop_the_start()
    {
        await using WebApplication app = Build(Environments.Development, options => options.Issuer = null);

        await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(Cancellation));
    }

    [Fact]
    public async Task Adding_it_twice_only_adds_to_the_configuration()
    {
        await using WebApplication app = Build(Environments.Development, builder: services => services.AddSigningTokens(options => options.Prefix = "acme"));

        await app.StartAsync(Cancellation);

        Assert.Single(app.Services.GetServices<IHostedService>(), service => service is TokenStart);
        Assert.StartsWith("acme_access_", (await LogInAsync(app)).AccessToken);
    }

    public static TheoryData<string, Action<TokenOptions>> WrongOptions => new()
    {
        { "Issuer", options => options.Issuer = null },
        { "Issuer", options => options.Issuer = new Uri("/auth", UriKind.Relative) },
        { "Issuer", options => options.Issuer = new Uri("ftp://api.example.com") },
        { "Issuer", options => options.Issuer = new Uri("https://api.example.com/?a") },
        { "Issuer", options => options.Issuer = new Uri("https://api.example.com/#a") },
        { "Issuer", options => options.Issuer = new Uri("https://u@api.example.com/") },
        { "Prefix", options => options.Prefix = "" },
        { "Prefix", options => options.Prefix = "a_b" },
        { "Prefix", options => options.Prefix = "seventeenletters1" },
        { "AccessLifetime", options => options.AccessLifetime = TimeSpan.FromMilliseconds(999) },
        { "AccessLifetime", options => options.AccessLifetime = TimeSpan.MaxValue },
        { "RefreshLifetime", options => options.RefreshLifetime = TimeSpan.FromMinutes(14) },
        { "RefreshLifetime", options => options.RefreshLifetime = TimeSpan.MaxValue },
        { "GrantCapacity", options => options.GrantCapacity = 15 },
        { "JournalPath", options => options.JournalPath = "" },
    };

    [Theory, MemberData(nameof(WrongOptions))]
    public void An_option_outside_its_limits_is_named(string name, Action<TokenOptions> change)
    {
        var options = new TokenOptions { Issuer = new Uri("https://api.example.com/auth") };
        options.Validate();
        change(options);

        Assert.Contains(Assert.Throws<OptionsValidationException>(options.Validate).Failures, failure => failure.StartsWith(name));
    }

    [Fact]
    public void Options_at_their_limits_are_accepted()
    {
        var issuer = new Uri("https://api.example.com/auth");
        var least = new TokenOptions { Issuer = issuer, AccessLifetime = TimeSpan.FromSeconds(1), RefreshLifetime = TimeSpan.FromSeconds(1), GrantCapacity = 16 };
        var most = new TokenOptions { Issuer = issuer, AccessLifetime = TokenOptions.MaxLifetime, RefreshLifetime = TokenOptions.MaxLifetime };

        Assert.Null(Record.Exception(least.Validate));
        Assert.Null(Record.Exception(most.Validate));
    }

    private WebApplication Build(string environment, Action<TokenOptions>? configure = null, bool encrypted = false, Action<IServiceCollection>? builder = null)
    {
        WebApplicationBuilder host = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment, ContentRootPath = _directory });
        host.WebHost.UseKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        host.Logging.AddProvider(_log).SetMinimumLevel(LogLevel.Trace);
        host.Services.AddRouting();
        host.Services.AddSingleton<ICredentialSource>(_credentials);
        host.Services.AddSigningTokens(options =>
        {
            options.Issuer = new Uri("https://api.example.com/auth");
            configure?.Invoke(options);
        });
        builder?.Invoke(host.Services);
        host.Services.Configure<KeyManagementOptions>(options =>
        {
            options.XmlRepository = _ring;
            options.XmlEncryptor = encrypted ? new HidingEncryptor() : null;
        });
        return host.Build();
    }

    private async Task<IssuedTokens> LogInAsync(WebApplication app)
    {
        IssuedTokens tokens = await app.Services.GetRequiredService<TokenIssuer>().LogInAsync(new LogIn(_client, []), Cancellation);
        Assert.Equal(TokenStatus.Valid, tokens.Verdict.Status);
        return tokens;
    }

    /// <summary>Encrypts nothing, but marks what it was given as an encryptor does.</summary>
    private sealed class HidingEncryptor : IXmlEncryptor
    {
        public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(new XElement("hidden", new XElement(plaintextElement)), typeof(HidingDecryptor));
    }

    private sealed class HidingDecryptor : IXmlDecryptor
    {
        public XElement Decrypt(XElement encryptedElement) => encryptedElement.Elements().Single();
    }
}
