using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Signing.AspNetCore;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Credentials;

/// <summary>What is done behind the requests: destroying what time has ended, and sealing anew.</summary>
public sealed class CredentialTidyingTests(SharedServer server) : CredentialNodes(server)
{
    private readonly RecordedLog<CredentialResealing> _log = new();

    [Fact]
    public async Task What_time_has_ended_is_destroyed_and_every_node_hears_of_it()
    {
        (CredentialRecord pair, CredentialRecord token) = await CreateAsync();
        CredentialRecord rotated = CredentialRules.Rotate(pair, SecretOf(pair.Id, 2, "the second secret, long enough"), TimeSpan.FromHours(1), Now).Credential;
        await CommitAsync(new RowEdit(pair, rotated), new RowEdit(token, CredentialRules.Revoke(token, "ann", null, TimeSpan.FromHours(1), Now).Credential));
        CredentialNode other = await NewNodeAsync();
        Assert.Equal(2, (await other.Store.FindAsync(pair.Key!, Cancellation))!.Secrets.Length);
        Assert.Equal(0, await Settling(other).SettleAsync(Cancellation));

        Time.Advance(TimeSpan.FromHours(1));
        int[] settled = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Settling(NewNode()).SettleAsync(Cancellation)));

        Assert.Equal(2, settled.Sum());
        CredentialRecord stored = (await Node.Store.GetAsync<CredentialRecord>(pair.Id, Cancellation))!;
        Assert.Equal((3L, true, false), (stored.Version, stored.Secrets[0].IsDestroyed, stored.Secrets[1].IsDestroyed));
        Assert.Equal(StoredStatus.Revoked, (await Node.Store.GetAsync<CredentialRecord>(token.Id, Cancellation))!.Status);
        await HearAsync(other);
        Assert.Equal(1, (await other.Store.FindAsync(pair.Key!, Cancellation))!.Secrets.Length);
        Assert.Equal(0L, await AskAsync<long>("SELECT count(*) FROM signing.credential_secret WHERE hash IS NOT NULL"));
        Assert.Equal(0, await Settling(other).SettleAsync(Cancellation));
    }

    [Fact]
    public async Task More_than_fits_into_one_batch_is_settled_too()
    {
        (CredentialRecord pair, _) = await CreateAsync();
        CredentialRecord[] rows = [.. Enumerable.Range(3, CredentialSettling.MaxBatch + 5).Select(i => pair with { Id = $"crd_{i}", Key = $"key_{i}", Name = $"{i}", RevokesAt = Now.AddHours(1), Secrets = [] })];
        await CommitAsync([.. rows.Select(row => new RowEdit(null, row))]);
        Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(rows.Length, await Settling(Node).SettleAsync(Cancellation));
    }

    [Fact]
    public async Task A_new_key_of_the_ring_seals_everything_anew_so_that_the_old_one_may_go()
    {
        string ring = Directory.CreateTempSubdirectory("signing-ring-").FullName;
        SecretSeal former = SealOf(ring);
        var node = new CredentialNode(Server.Source, Schema, former, Time);
        await new CredentialCanary(node.Database, former).RequireAsync(Cancellation);
        await CreateAsync();
        CredentialRecord pair = (await Node.Store.GetAsync<CredentialRecord>("crd_1", Cancellation))!;
        CredentialRecord read = pair with { Secrets = [pair.Secrets[0] with { Sealed = former.Seal(pair.Id, 1, "sealed by the former key of the ring") }], Version = 2 };
        Assert.Equal(ChangeStatus.Changed, await node.Store.CommitAsync(new StoreChange([new RowEdit(pair, read)], []), Cancellation));
        string[] old = Directory.GetFiles(ring);
        using (ServiceProvider services = RingOf(ring))
        {
            services.GetRequiredService<IKeyManager>().CreateNewKey(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(400));
        }

        SecretSeal latter = SealOf(ring);
        var later = new CredentialNode(Server.Source, Schema, latter, Time);
        await using (NpgsqlConnection editor = await Node.Database.OpenAsync(Cancellation))
        {
            // Whoever is editing the row has read the seal already.
            await using NpgsqlTransaction editing = await Database.BeginAsync(editor, Cancellation);
            await Node.Database.Command("credential.lock", editor, editing).Texts("ids", [pair.Id]).RunAsync(Cancellation);
            Task<int> resealing = Resealing(later, latter).ResealAsync(Cancellation);
            await Server.WaitForWaiterAsync(editor.ProcessID, resealing);
            await editing.RollbackAsync(Cancellation);
            Assert.Equal(1, await resealing);
        }

        Assert.Equal(0, await Resealing(later, latter).ResealAsync(Cancellation));

        // Whoever had read the row before does not bring the old seal back.
        Assert.Equal(ChangeStatus.Changed, await later.Store.CommitAsync(new StoreChange([new RowEdit(read, read with { Name = "Renamed", Version = 3 })], []), Cancellation));
        Array.ForEach(old, File.Delete);
        SecretSeal last = SealOf(ring);
        await new CredentialCanary(later.Database, last).RequireAsync(Cancellation);
        Assert.Equal(1, (await new CredentialNode(Server.Source, Schema, last, Time).Store.FindAsync(pair.Key!, Cancellation))!.Secrets.Length);
        Directory.Delete(ring, recursive: true);
    }

    [Fact]
    public async Task A_Secret_that_does_not_open_is_named_and_stops_no_other_from_being_sealed_anew()
    {
        await CreateAsync();
        await CommitAsync(new RowEdit(null, (await Node.Store.GetAsync<CredentialRecord>("crd_1", Cancellation))! with
        {
            Id = "crd_3",
            Key = "key_3",
            Name = "3",
            Secrets = [SecretOf("crd_3", 1, "a secret that is long enough")],
            Version = 1,
        }));
        string ring = Directory.CreateTempSubdirectory("signing-ring-").FullName;

        Assert.Equal(0, await Resealing(Node, SealOf(ring)).ResealAsync(Cancellation));

        Assert.Equal(["crd_1", "crd_3"], _log.Lines.Select(line => line.Split(' ')[4]));
        Directory.Delete(ring, recursive: true);
    }

    [Fact]
    public async Task Tidying_goes_on_every_five_minutes_and_ends_with_the_host()
    {
        (CredentialRecord pair, _) = await CreateAsync();
        await CommitAsync(new RowEdit(pair, CredentialRules.Revoke(pair, "ann", null, TimeSpan.FromMinutes(4), Now).Credential));
        var log = new RecordedLog<CredentialTidying>();
        using var tidying = new CredentialTidying(Settling(Node), Resealing(Node, Seal), Time, log);
        await tidying.StartAsync(Cancellation);

        while (await AskAsync<short>("SELECT status FROM signing.credential WHERE id = 'crd_1'") != (short)StoredStatus.Revoked)
        {
            Time.Advance(CredentialTidying.Interval);
        }

        await tidying.StopAsync(Cancellation);
        Assert.Contains(log.Lines, line => line.StartsWith("Information: Time had ended 1", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    private static CredentialSettling Settling(CredentialNode node) => new(node.Database, node.Feed);

    private static ServiceProvider RingOf(string folder)
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("signing tests").PersistKeysToFileSystem(new DirectoryInfo(folder));
        return services.BuildServiceProvider();
    }

    private static SecretSeal SealOf(string folder) => new(RingOf(folder).GetDataProtectionProvider());

    private CredentialResealing Resealing(CredentialNode node, SecretSeal seal) =>
        new(node.Database, seal, new CredentialCanary(node.Database, seal), new Transactions(node.Database, node.Feed), _log);
}
