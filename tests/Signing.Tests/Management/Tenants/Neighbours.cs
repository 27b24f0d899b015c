using Signing.AspNetCore;
using Signing.Tests.Fuzz;
using Signing.Tests.Support;

namespace Signing.Tests.Management.Tenants;

/// <summary>Other customers of a host, whose people are busy.</summary>
internal sealed class Neighbours(ManagementHost host)
{
    private static readonly Actor Beatrice = new("beatrice", "192.0.2.99");

    private readonly Dictionary<string, List<string>> _ids = new(StringComparer.Ordinal) { ["ws"] = [], ["app"] = [], ["crd"] = [], ["shk"] = [] };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public string IdOf(string kind, int number) => _ids[kind][number % _ids[kind].Count];

    public async Task MoveInAsync()
    {
        ManagementRowsOf rows = await host.SeedAsync("Foreign");
        foreach ((string kind, string id) in new[] { ("ws", rows.Workspace.Id), ("app", rows.Application.Id), ("crd", rows.KeyPair.Id), ("crd", rows.Token.Id), ("shk", rows.SharingKey.Id) })
        {
            _ids[kind].Add(id);
        }
    }

    /// <summary>Has another customer's people do something.</summary>
    public async Task BotherAsync(Draw draw)
    {
        string Pick(string kind) => _ids[kind][draw.Below(_ids[kind].Count)];
        string name = TenantRequest.NameOf(draw);
        switch (draw.Below(12))
        {
            case 0:
                Keep(await host.Administration.CreateApplicationWithCredentialAsync(
                    new NewApplication { WorkspaceId = Pick("ws"), Name = name, BundleId = TenantRequest.BundleOf(draw) },
                    new NewCredential { Kind = CredentialKind.KeyPair, Name = name, Scopes = ["read"] }, Beatrice, Stop));
                break;
            case 1:
                Keep(await host.Administration.CreateCredentialAsync(
                    new NewCredential { ApplicationId = Pick("app"), Kind = draw.Of(CredentialKind.ApiToken, CredentialKind.KeyPair), Name = name, Expires = host.Settings.Clock.GetUtcNow().AddDays(draw.Below(30) + 1) }, Beatrice, Stop));
                break;
            case 2 or 3:
                Watch((await host.Administration.RotateAsync(Pick("crd"), null, TimeSpan.FromSeconds(draw.Below(3)), Beatrice, Stop)).Text);
                break;
            case 4:
                await host.Administration.RevokeAsync(Pick("crd"), null, "leaked", TimeSpan.FromSeconds(draw.Below(3)), Beatrice, Stop);
                break;
            case 5:
                await host.Administration.SuspendAsync(Pick("crd"), null, Beatrice, Stop);
                break;
            case 6:
                await host.Administration.EditAsync<WorkspaceRecord>(Pick("ws"), null, row => row with { Enabled = !row.Enabled, Name = name }, Beatrice, Stop);
                break;
            case 7:
                await host.Administration.EditAsync<ApplicationRecord>(Pick("app"), null, row => row with { Name = name, BundleId = TenantRequest.BundleOf(draw), Status = draw.Of(StoredStatus.Active, StoredStatus.Suspended) }, Beatrice, Stop);
                break;
            case 8:
                SharingKeyResult shared = await host.Administration.CreateSharingKeyAsync(new NewSharingKey { GrantorWorkspaceId = Pick("ws"), GranteeWorkspaceId = draw.OneIn(2) ? Pick("ws") : null, Name = name }, Beatrice, Stop);
                Watch(shared.Text);
                _ids["shk"].AddRange(shared.SharingKey is { } key ? [key.Id] : []);
                break;
            case 9:
                Watch((await host.Administration.RevealAsync(Pick("crd"), null, Beatrice, Stop)).Text);
                break;
            case 10:
                _ = draw.OneIn(4) ? await host.Administration.DeleteAsync<ApplicationRecord>(Pick("app"), null, Beatrice, Stop) : await host.Administration.DeleteAsync<CredentialRecord>(Pick("crd"), null, Beatrice, Stop);
                break;
            default:
                await MoveInAsync();
                break;
        }
    }

    private void Keep(ApplicationResult made)
    {
        Watch(made.Text);
        _ids["app"].AddRange(made.Application is { } application ? [application.Id] : []);
        _ids["crd"].AddRange(made.Credential is { } credential ? [credential.Id] : []);
    }

    private void Keep(SecretResult made)
    {
        Watch(made.Text);
        _ids["crd"].AddRange(made.Credential is { } credential ? [credential.Id] : []);
    }

    private static void Watch(string? text) => Canary.Watch(text is null ? [] : [text]);
}
