using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Signing.AspNetCore;
using Signing.Tests.Credentials.Rules;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials.Store;

/// <summary>Files that are JSON and of our format, and still none that we have written.</summary>
public sealed class CredentialFileDamageTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signing-damage-").FullName;
    private readonly SecretSeal _seal = new(new EphemeralDataProtectionProvider());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string FilePath => Path.Combine(_directory, "credentials.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("workspaces", "ws_1", "", "null")]
    [InlineData("applications", "app_1", "", "null")]
    [InlineData("applications", "app_1", "connectedApis", "")]
    [InlineData("applications", "app_1", "connectedApis", "[null]")]
    [InlineData("credentials", "crd_1", "", "null")]
    [InlineData("credentials", "crd_1", "scopes", "")]
    [InlineData("credentials", "crd_1", "scopes", "[null]")]
    [InlineData("credentials", "crd_1", "secrets", "[null]")]
    [InlineData("credentials", "crd_2", "secrets", "[null]")]
    [InlineData("sharingKeys", "shk_1", "", "null")]
    [InlineData("sharingKeys", "shk_1", "scopes", "")]
    [InlineData("sharingKeys", "shk_1", "scopes", "[null]")]
    [InlineData("audit", "", "", "null")]
    public Task A_row_or_a_list_that_is_missing_stops_the_start(string rows, string id, string member, string value) => IsRefusedAsync(rows, id, member, value);

    [Theory]
    [InlineData("credentials", "crd_1", "key", "")]
    [InlineData("credentials", "crd_1", "key", "\"\"")]
    [InlineData("credentials", "crd_1", "key", "\"k\u00e9y\"")]
    [InlineData("credentials", "crd_2", "id", "\"\"")]
    [InlineData("credentials", "crd_3", "id", "\"\"")]
    [InlineData("workspaces", "ws_1", "id", "\"\"")]
    [InlineData("sharingKeys", "shk_1", "id", "\"\"")]
    [InlineData("sharingKeys", "shk_1", "grantorWorkspaceId", "\"\"")]
    public Task A_row_of_which_nothing_can_be_made_stops_the_start(string rows, string id, string member, string value) => IsRefusedAsync(rows, id, member, value);

    [Theory]
    [InlineData("workspaces", "ws_1", "")]
    [InlineData("applications", "app_1", "")]
    [InlineData("credentials", "crd_1", "")]
    [InlineData("credentials", "crd_2", "")]
    [InlineData("sharingKeys", "shk_1", "")]
    [InlineData("credentials", "crd_3", "id")]
    [InlineData("credentials", "crd_2", "id")]
    [InlineData("sharingKeys", "shk_1", "id")]
    public Task A_row_or_what_it_is_found_by_that_stands_twice_stops_the_start(string rows, string id, string member) =>
        IsRefusedAsync(document =>
        {
            JsonArray all = document[rows]!.AsArray();
            JsonNode again = all[IndexOf(all, id)]!.DeepClone();
            if (member.Length > 0)
            {
                again[member] = "another";
            }

            all.Add(again);
        });

    // As a copy of the file from before the revocation would have it, merged with the one from after it.
    [Fact]
    public async Task A_revoked_credential_is_not_brought_back_by_its_former_row()
    {
        await WriteAsync();
        JsonArray credentials = JsonNode.Parse(await File.ReadAllTextAsync(FilePath, Cancellation))!["credentials"]!.AsArray();
        JsonNode before = credentials[IndexOf(credentials, "crd_1")]!;
        using (FileCredentialStore store = Open())
        {
            CredentialRecord row = (await store.GetAsync<CredentialRecord>("crd_1", Cancellation))!;
            CredentialRecord revoked = CredentialRules.Revoke(row, "ann", null, TimeSpan.Zero, SampleRows.Now).Credential;
            Assert.Equal(ChangeStatus.Changed, await store.CommitAsync(new StoreChange([new RowEdit(row, revoked)], []), Cancellation));
        }

        await RefusesAsync(document => document["credentials"]!.AsArray().Add(before.DeepClone()));
    }

    private Task IsRefusedAsync(string rows, string id, string member, string value) => IsRefusedAsync(document =>
    {
        JsonArray all = document[rows]!.AsArray();
        JsonNode? later = value.Length == 0 ? null : JsonNode.Parse(value);
        if (id.Length == 0)
        {
            all.Add(later);
        }
        else if (member.Length == 0)
        {
            all[IndexOf(all, id)] = later;
        }
        else if (value.Length == 0)
        {
            Assert.True(all[IndexOf(all, id)]!.AsObject().Remove(member));
        }
        else
        {
            all[IndexOf(all, id)]![member] = later;
        }
    });

    private static int IndexOf(JsonArray rows, string id) => rows.ToList().FindIndex(row => (string?)row!["id"] == id);

    private async Task IsRefusedAsync(Action<JsonNode> damage)
    {
        await WriteAsync();
        await RefusesAsync(damage);
    }

    private async Task RefusesAsync(Action<JsonNode> damage)
    {
        string whole = await File.ReadAllTextAsync(FilePath, Cancellation);
        JsonNode document = JsonNode.Parse(whole)!;
        damage(document);
        string damaged = document.ToJsonString();
        await File.WriteAllTextAsync(FilePath, damaged, Cancellation);

        CredentialStoreException exception = Assert.Throws<CredentialStoreException>(Open);

        Assert.Equal(CredentialStoreFault.Corrupt, exception.Fault);
        Assert.Contains(FilePath, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(SampleRows.KeyPair.Key!, exception.Message, StringComparison.Ordinal);
        Assert.Equal(damaged, await File.ReadAllTextAsync(FilePath, Cancellation));
        await File.WriteAllTextAsync(FilePath, whole, Cancellation);
        Open().Dispose();
    }

    // A KeyPair, an ApiToken of it, and a KeyPair whose Secret has been destroyed.
    private async Task WriteAsync()
    {
        SecretRecord secret = SampleRows.Secret(1) with { Sealed = _seal.Seal("crd_1", 1, "the first secret, long enough") };
        SecretRecord hash = SampleRows.Secret(1) with { Sealed = null, Hash = TokenHash.Of("a text of more than 16 characters") };
        IStoredRow[] rows =
        [
            SampleRows.Workspace,
            SampleRows.Application,
            SampleRows.KeyPair with { Secrets = [secret] },
            SampleRows.ApiToken with { Id = "crd_2", Name = "Nightly", ParentId = "crd_1", Secrets = [hash] },
            SampleRows.KeyPair with { Id = "crd_3", Key = "acme_key_live_3", Name = "Former", Secrets = [SampleRows.Secret(1) with { Sealed = null }] },
            SampleRows.SharingKey,
        ];
        using FileCredentialStore store = Open();
        Assert.Equal(ChangeStatus.Changed, await store.CommitAsync(new StoreChange([.. rows.Select(row => new RowEdit(null, row))], []), Cancellation));
    }

    private FileCredentialStore Open() => FileCredentialStore.Open(FilePath, _seal, new ManualTimeProvider(SampleRows.Now), NullLogger.Instance, new Disk());
}
