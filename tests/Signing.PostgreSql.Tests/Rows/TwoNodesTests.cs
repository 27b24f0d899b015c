using System.Text.Json;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Rows;

/// <summary>What an operator does at the admin API of one node is what callers meet at another.</summary>
public sealed class TwoNodesTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _ring = Directory.CreateTempSubdirectory("signing-ring-");
    private readonly ManualTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly string _schema = SharedServer.NewSchema();
    private ApiNode _one = null!;
    private ApiNode _two = null!;

    public async ValueTask InitializeAsync()
    {
        _one = await ApiNode.StartAsync(_schema, _ring, _clock);
        _two = await ApiNode.StartAsync(_schema, _ring, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        _ring.Delete(recursive: true);
    }

    [Fact]
    public async Task A_KeyPair_is_created_rotated_suspended_resumed_and_revoked_at_one_node_and_the_other_says_so()
    {
        (string id, string key, string first) = await CreateAsync();
        Assert.Null(await _two.VerdictAsync(key, first));

        string second = (await _one.DoAsync("POST", $"/credentials/{id}:rotate", new { overlapSeconds = 60 })).GetProperty("text").GetString()!;
        await UntilAsync(null, () => _two.VerdictAsync(key, second));
        Assert.Null(await _two.VerdictAsync(key, first));

        // Nobody says anything: the clock of each node ends the overlap.
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("expired", await _one.VerdictAsync(key, first));
        Assert.Equal("expired", await _two.VerdictAsync(key, first));
        Assert.Null(await _two.VerdictAsync(key, second));

        await _two.DoAsync("POST", $"/credentials/{id}:suspend");
        await UntilAsync("suspended", () => _one.VerdictAsync(key, second));
        await _one.DoAsync("POST", $"/credentials/{id}:resume");
        await UntilAsync(null, () => _two.VerdictAsync(key, second));

        await _one.DoAsync("POST", $"/credentials/{id}:revoke", new { reason = "leaked" });
        Assert.Equal("invalid_credential", await _one.VerdictAsync(key, second));
        await UntilAsync("invalid_credential", () => _two.VerdictAsync(key, second));

        JsonElement audit = (await _two.DoAsync("GET", "/audit")).GetProperty("items");
        string[] expected =
        [
            "credential.revoked", "credential.resumed", "credential.suspended", "credential.rotated", "credential.created", "application.created", "workspace.created",
        ];
        Assert.Equal(expected, audit.EnumerateArray().Select(entry => entry.GetProperty("action").GetString()!));
    }

    [Fact]
    public async Task An_ApiToken_a_suspended_application_and_a_switched_off_workspace_are_the_same_at_both_nodes()
    {
        (string id, string key, string secret) = await CreateAsync();
        JsonElement pair = await _two.DoAsync("GET", $"/credentials/{id}");
        (string application, string workspace) = (pair.GetProperty("applicationId").GetString()!, pair.GetProperty("workspaceId").GetString()!);
        JsonElement made = await _two.DoAsync("POST", "/credentials", new { applicationId = application, kind = "apiToken", name = "Nightly", parentId = id });
        (string token, string tokenId) = (made.GetProperty("text").GetString()!, made.GetProperty("credential").GetProperty("id").GetString()!);
        Assert.Null(await _one.VerdictAsync(token));
        Assert.Null(await _two.VerdictAsync(key, secret));

        await _one.DoAsync("POST", $"/applications/{application}:suspend");
        await UntilAsync("application_suspended", () => _two.VerdictAsync(token));
        await UntilAsync("application_suspended", () => _two.VerdictAsync(key, secret));
        await _two.DoAsync("POST", $"/applications/{application}:resume");
        await UntilAsync(null, () => _one.VerdictAsync(token));

        await _two.DoAsync("PATCH", $"/workspaces/{workspace}", new { enabled = false });
        await UntilAsync("workspace_disabled", () => _one.VerdictAsync(token));
        await _two.DoAsync("PATCH", $"/workspaces/{workspace}", new { enabled = true });
        await UntilAsync(null, () => _one.VerdictAsync(token));

        await _one.DoAsync("DELETE", $"/credentials/{tokenId}");
        await UntilAsync("invalid_credential", () => _two.VerdictAsync(token));
    }

    [Fact]
    public async Task Of_two_operators_at_two_nodes_who_have_seen_the_same_version_one_is_refused()
    {
        (string id, _, _) = await CreateAsync();
        string seen = (await _two.SendAsync("GET", $"/credentials/{id}")).ETag!;

        int[] statuses = await Task.WhenAll(RenameAsync(_one, "One"), RenameAsync(_two, "Two"));

        Assert.Equal([200, 412], statuses.Order());

        async Task<int> RenameAsync(ApiNode node, string name) => (await node.SendAsync("PATCH", $"/credentials/{id}", new { name }, seen)).Status;
    }

    private static async Task UntilAsync(string? expected, Func<Task<string?>> ask)
    {
        long began = TimeProvider.System.GetTimestamp();
        string? verdict;
        while ((verdict = await ask()) != expected)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{verdict} instead of {expected}");
        }
    }

    private async Task<(string Id, string Key, string Secret)> CreateAsync()
    {
        string workspace = (await _one.DoAsync("POST", "/workspaces", new { name = "Acme" })).GetProperty("id").GetString()!;
        JsonElement made = await _one.DoAsync("POST", "/applications", new { workspaceId = workspace, name = "Shop", credential = new { name = "Orders" } });
        JsonElement pair = made.GetProperty("credential");
        return (pair.GetProperty("id").GetString()!, pair.GetProperty("key").GetString()!, made.GetProperty("text").GetString()!);
    }
}
