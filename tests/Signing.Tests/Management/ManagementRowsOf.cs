using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

/// <summary>A workspace with one row of each kind, and the texts that were shown once.</summary>
internal sealed record ManagementRowsOf(WorkspaceRecord Workspace, ApplicationRecord Application, CredentialRecord KeyPair, CredentialRecord Token, SharingKeyRecord SharingKey, string[] Texts)
{
    private static readonly Actor Seeder = new("seeder", "192.0.2.1");

    /// <summary>Ids of the right form that nobody has.</summary>
    public static string Fill(string text) => text
        .Replace("{ws}", "ws_0000000000000000000000", StringComparison.Ordinal).Replace("{app}", "app_0000000000000000000000", StringComparison.Ordinal)
        .Replace("{key}", "crd_0000000000000000000000", StringComparison.Ordinal).Replace("{token}", "crd_0000000000000000000001", StringComparison.Ordinal)
        .Replace("{shk}", "shk_0000000000000000000000", StringComparison.Ordinal);

    public static async Task<ManagementRowsOf> MakeAsync(CredentialAdministration administration, string name)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        WorkspaceRecord workspace = (await administration.CreateWorkspaceAsync(new NewWorkspace { Name = name, Disclosure = SecretDisclosure.Retrievable }, Seeder, stop)).Row!;
        ApplicationResult made = await administration.CreateApplicationWithCredentialAsync(
            new NewApplication { WorkspaceId = workspace.Id, Name = $"{name} shop" }, new NewCredential { Kind = CredentialKind.KeyPair, Name = $"{name} pair", Scopes = ["read"] }, Seeder, stop);
        SecretResult token = await administration.CreateCredentialAsync(
            new NewCredential { ApplicationId = made.Application!.Id, Kind = CredentialKind.ApiToken, Name = $"{name} token", ParentId = made.Credential!.Id, Scopes = ["read"] }, Seeder, stop);
        SharingKeyResult shared = await administration.CreateSharingKeyAsync(new NewSharingKey { GrantorWorkspaceId = workspace.Id, Name = $"{name} share" }, Seeder, stop);
        Canary.Watch(made.Text!, token.Text!, shared.Text!);
        return new ManagementRowsOf(workspace, made.Application, made.Credential, token.Credential!, shared.SharingKey!, [made.Text!, token.Text!, shared.Text!]);
    }

    /// <summary>Puts these ids in the places of a path or a body.</summary>
    public string In(string text) => text
        .Replace("{ws}", Workspace.Id, StringComparison.Ordinal).Replace("{app}", Application.Id, StringComparison.Ordinal)
        .Replace("{key}", KeyPair.Id, StringComparison.Ordinal).Replace("{token}", Token.Id, StringComparison.Ordinal)
        .Replace("{shk}", SharingKey.Id, StringComparison.Ordinal);
}
