using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Credentials.Rules;

namespace Signing.PostgreSql.Tests.DataProtection;

public sealed class KeyRingTests(SharedServer server)
{
    // Before the id of the key.
    private const int SealHeaderBytes = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Eight_hosts_that_start_at_once_on_an_empty_database_make_one_key_and_open_each_other_s_seals()
    {
        for (int round = 0; round < 3; round++)
        {
            string schema = SharedServer.NewSchema();
            IHost[] hosts = [.. Enumerable.Range(0, 8).Select(_ => HostOf(schema))];

            await Task.WhenAll(hosts.Select(host => Task.Run(() => host.StartAsync(Cancellation), Cancellation)));

            Assert.Equal(1, await CountAsync(schema));
            byte[][] seals = [.. hosts.Select((host, i) => ProtectorOf(host).Protect([(byte)i]))];
            foreach (IHost host in hosts)
            {
                Assert.Equal(Enumerable.Range(0, 8), seals.Select(seal => (int)ProtectorOf(host).Unprotect(seal)[0]));
            }

            await StopAsync(hosts);
        }
    }

    [Fact]
    public async Task Whoever_has_looked_before_another_node_made_a_key_takes_that_key()
    {
        (IHost[] hosts, IKeyManager[] managers) = await StartAsync();
        foreach (IKeyManager manager in managers)
        {
            manager.GetAllKeys();
        }

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        IKey first = managers[0].CreateNewKey(now.AddDays(90), now.AddDays(180));
        IKey second = managers[1].CreateNewKey(now.AddDays(90), now.AddDays(180));

        Assert.Equal(first.KeyId, second.KeyId);
        await StopAsync(hosts);
    }

    [Fact]
    public async Task Whoever_needs_a_key_while_another_node_makes_one_waits_and_takes_that_key()
    {
        string schema = await server.MakeSchemaAsync();
        using IHost host = HostOf(schema);
        await host.StartAsync(Cancellation);
        IKeyManager manager = host.Services.GetRequiredService<IKeyManager>();
        IKey first = Assert.Single(manager.GetAllKeys());
        var database = new Database(server.Source, new PostgreSqlOptions { Schema = schema });
        await using NpgsqlConnection other = await database.OpenAsync(Cancellation);
        await using NpgsqlTransaction making = await Database.BeginAsync(other, Cancellation);
        await database.Command("key_ring.alone", other, making).RunAsync(Cancellation);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();

        Task<IKey> waiting = Task.Run(() => manager.CreateNewKey(now, now.AddDays(90)), Cancellation);
        await server.WaitForWaiterAsync(other.ProcessID, waiting);
        AddKey(schema, RingCertificate.Value, now);
        await making.CommitAsync(Cancellation);

        Assert.NotEqual(first.KeyId, (await waiting).KeyId);
        Assert.Equal(2, await CountAsync(schema));
        await StopAsync([host]);
    }

    [Fact]
    public async Task Whoever_wants_a_key_although_there_are_some_gets_a_new_one()
    {
        (IHost[] hosts, IKeyManager[] managers) = await StartAsync();
        managers[0].GetAllKeys();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();

        IKey first = managers[0].CreateNewKey(now, now.AddDays(90));
        managers[0].GetAllKeys();
        IKey second = managers[0].CreateNewKey(now, now.AddDays(90));

        Assert.NotEqual(first.KeyId, second.KeyId);
        await StopAsync(hosts);
    }

    [Fact]
    public async Task A_key_of_another_node_that_was_revoked_or_begins_later_is_not_taken()
    {
        (IHost[] hosts, IKeyManager[] managers) = await StartAsync();
        managers[1].GetAllKeys();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        IKey revoked = managers[0].CreateNewKey(now, now.AddDays(90));
        managers[0].RevokeKey(revoked.KeyId, "test");
        IKey later = managers[0].CreateNewKey(now.AddDays(30), now.AddDays(90));

        IKey own = managers[1].CreateNewKey(now, now.AddDays(90));

        Assert.NotEqual(revoked.KeyId, own.KeyId);
        Assert.NotEqual(later.KeyId, own.KeyId);
        Assert.True(managers[1].GetAllKeys().Single(key => key.KeyId == revoked.KeyId).IsRevoked);
        await StopAsync(hosts);
    }

    [Fact]
    public async Task A_node_with_another_certificate_is_stopped_and_leaves_no_key_in_the_ring()
    {
        string schema = SharedServer.NewSchema();
        using IHost first = HostOf(schema);
        await first.StartAsync(Cancellation);
        using IHost foreign = HostOf(schema, certificate: RingCertificate.Make());

        await Assert.ThrowsAsync<TokenStartException>(() => foreign.StartAsync(Cancellation));

        Assert.Equal(1, await CountAsync(schema));
        await StopAsync([first]);
    }

    [Fact]
    public async Task Beside_a_key_that_only_others_open_a_node_goes_on_with_the_newest_that_it_opens()
    {
        string schema = await server.MakeSchemaAsync();
        using IHost host = HostOf(schema);
        await host.StartAsync(Cancellation);
        IKeyManager own = host.Services.GetRequiredService<IKeyManager>();
        IKey opened = Assert.Single(own.GetAllKeys());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        IKey later = own.CreateNewKey(now.AddDays(30), now.AddDays(90));
        Assert.NotEqual(opened.KeyId, later.KeyId);
        AddKey(schema, RingCertificate.Make(), now);

        // Nor with one that begins later.
        Assert.Equal(opened.KeyId, own.CreateNewKey(now, now.AddDays(90)).KeyId);

        Assert.Equal(3, await CountAsync(schema));
        await StopAsync([host]);
    }

    [Fact]
    public async Task A_key_that_one_node_makes_and_uses_at_once_is_read_by_the_others_when_something_does_not_open()
    {
        string schema = SharedServer.NewSchema();
        IHost[] hosts = [HostOf(schema), HostOf(schema)];
        foreach (IHost host in hosts)
        {
            await host.StartAsync(Cancellation);
            ProtectorOf(host).Protect([0]);
        }

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        IKey key = hosts[0].Services.GetRequiredService<IKeyManager>().CreateNewKey(now, now.AddDays(90));
        CredentialRecord row = SampleRows.KeyPair;
        SecretSeal seal = SealOf(hosts[0]);
        byte[] text;
        do
        {
            text = seal.Seal(row.Id, 1, "a secret of more than 16 bytes");
        }
        while (new Guid(text.AsSpan(SealHeaderBytes, 16)) != key.KeyId);

        var opened = new OpenedSecrets(SealOf(hosts[1]), hosts[1].Services.GetRequiredService<RingRenewal>(), 10);
        SigningKey? read = null;
        for (long start = Stopwatch.GetTimestamp(); read is null && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1);)
        {
            try
            {
                read = opened.KeyOf(row, row.Secrets[0] with { Sealed = text });
            }
            catch (CryptographicException)
            {
                // Answered 503 by a host, and tried again by its caller.
                Thread.Yield();
            }
        }

        Assert.NotNull(read);
        await StopAsync(hosts);
    }

    [Fact]
    public async Task What_does_not_open_has_the_ring_read_again()
    {
        using IHost host = HostOf(SharedServer.NewSchema());
        await host.StartAsync(Cancellation);
        CredentialRecord row = SampleRows.KeyPair;
        var opened = new OpenedSecrets(SealOf(host), host.Services.GetRequiredService<RingRenewal>(), 10);
        CancellationToken isOld = host.Services.GetRequiredService<IKeyManager>().GetCacheExpirationToken();
        Assert.False(isOld.IsCancellationRequested);

        // The framework does so by itself for two minutes, and from then on once a day.
        Assert.ThrowsAny<CryptographicException>(() => opened.KeyOf(row, row.Secrets[0]));

        Assert.True(isOld.IsCancellationRequested);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_ring_that_is_not_encrypted_stops_the_start_outside_Development()
    {
        string schema = SharedServer.NewSchema();
        using IHost host = HostOf(schema, isEncrypted: false);

        TokenStartException refusal = await Assert.ThrowsAsync<TokenStartException>(() => host.StartAsync(Cancellation));

        Assert.Equal(TokenStartFault.UnprotectedKeyRing, refusal.Fault);
    }

    [Theory]
    [InlineData(PostgreSqlParts.None)]
    [InlineData(PostgreSqlParts.Replay)]
    public async Task A_ring_that_is_not_encrypted_stops_the_start_also_where_nothing_of_ours_is_sealed_with_it(PostgreSqlParts parts)
    {
        string schema = SharedServer.NewSchema();
        using IHost host = RingOf(schema, parts);

        PostgreSqlStartException refusal = await Assert.ThrowsAsync<PostgreSqlStartException>(() => host.StartAsync(Cancellation));

        Assert.Equal(PostgreSqlStartFault.UnprotectedKeyRing, refusal.Fault);
        Assert.Equal(0, await CountAsync(schema));
        using IHost allowed = RingOf(schema, parts, options => options.AllowUnprotectedKeyRing = true);
        await allowed.StartAsync(Cancellation);
        await allowed.StopAsync(Cancellation);
    }

    [Fact]
    public void Without_a_database_the_ring_says_what_is_missing()
    {
        var services = new ServiceCollection();
        services.AddDataProtection().PersistKeysToPostgreSql();
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Contains("AddSigningPostgreSql", Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IKeyManager>).Message);
    }

    private static SecretSeal SealOf(IHost host) => new(host.Services.GetRequiredService<IDataProtectionProvider>());

    // As a node does that has that certificate and nothing in the database that would hold it back.
    private void AddKey(string schema, X509Certificate2 certificate, DateTimeOffset at)
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("tests").ProtectKeysWithCertificate(certificate);
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = new PostgreSqlKeyRing(new Database(server.Source, new PostgreSqlOptions { Schema = schema })));
        using ServiceProvider provider = services.BuildServiceProvider();
        provider.GetRequiredService<IKeyManager>().CreateNewKey(at, at.AddDays(90));
    }

    private async Task<(IHost[] Hosts, IKeyManager[] Managers)> StartAsync()
    {
        string schema = await server.MakeSchemaAsync();
        IHost[] hosts = [HostOf(schema), HostOf(schema)];
        foreach (IHost host in hosts)
        {
            await host.StartAsync(Cancellation);
        }

        return (hosts, [.. hosts.Select(host => host.Services.GetRequiredService<IKeyManager>())]);
    }

    private static async Task StopAsync(IHost[] hosts)
    {
        foreach (IHost host in hosts)
        {
            await host.StopAsync(Cancellation);
            host.Dispose();
        }
    }

    // What seals the master key of the tokens too, so that the start checks it.
    private IHost HostOf(string schema, bool isEncrypted = true, X509Certificate2? certificate = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = Environments.Production });
        builder.Services.AddSigningPostgreSql(server.Source, PostgreSqlParts.Grants, options => options.Schema = schema);
        IDataProtectionBuilder ring = builder.Services.AddDataProtection().SetApplicationName("tests").PersistKeysToPostgreSql();
        if (isEncrypted)
        {
            ring.ProtectKeysWithCertificate(certificate ?? RingCertificate.Value);
        }

        builder.Services.AddSigningTokens(tokens => tokens.Issuer = new Uri("https://api.example.com/auth"));
        return builder.Build();
    }

    // What somebody else seals, such as cookies, and no credentials or tokens.
    private IHost RingOf(string schema, PostgreSqlParts parts, Action<PostgreSqlOptions>? configure = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = Environments.Production });
        builder.Services.AddSigningPostgreSql(server.Source, parts, options => options.Schema = schema);
        builder.Services.Configure(configure ?? (static _ => { }));
        builder.Services.AddDataProtection().SetApplicationName("tests").PersistKeysToPostgreSql();
        return builder.Build();
    }

    private static IDataProtector ProtectorOf(IHost host) => host.Services.GetDataProtector("tests");

    private async Task<long> CountAsync(string schema)
    {
        await using NpgsqlCommand command = server.Source.CreateCommand($"SELECT count(*) FROM {schema}.data_protection_key");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
