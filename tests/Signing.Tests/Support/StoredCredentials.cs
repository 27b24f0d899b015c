using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;

namespace Signing.Tests.Support;

/// <summary>A file store in a directory of its own with the desk of an operator, for a host to use in place of other credentials.</summary>
internal sealed class StoredCredentials : IDisposable
{
    public static readonly Actor Operator = new("ann", "192.0.2.1");

    private readonly string _directory = Directory.CreateTempSubdirectory("signing-stored-").FullName;

    public StoredCredentials(ManualTimeProvider clock)
    {
        var seal = new SecretSeal(new EphemeralDataProtectionProvider());
        Store = FileCredentialStore.Open(Path.Combine(_directory, "credentials.json"), seal, clock);
        Desk = new CredentialAdministration(Store, seal, new CredentialFormat(CredentialFormat.UsualPrefix), clock);
    }

    /// <summary>Gets where the store has its files.</summary>
    public string Folder => _directory;

    public FileCredentialStore Store { get; }

    public CredentialAdministration Desk { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Register(IServiceCollection services) => services
        .AddSingleton<ICredentialStore>(Store)
        .AddSingleton<ICredentialSource>(Store)
        .AddSingleton<IApiTokenSource>(Store)
        .AddSingleton<ISharingKeySource>(Store);

    public async Task<WorkspaceRecord> WorkspaceAsync(string name = "Acme", SecretDisclosure disclosure = SecretDisclosure.Once) =>
        (await Desk.CreateWorkspaceAsync(new NewWorkspace { Name = name, Disclosure = disclosure }, Operator, Cancellation)).Row!;

    /// <summary>Creates an application with a KeyPair of the same name.</summary>
    public async Task<ApplicationResult> PairAsync(WorkspaceRecord workspace, string name, params string[] scopes)
    {
        ApplicationResult made = await Desk.CreateApplicationWithCredentialAsync(
            new NewApplication { WorkspaceId = workspace.Id, Name = name },
            new NewCredential { Kind = CredentialKind.KeyPair, Name = name, Scopes = scopes },
            Operator,
            Cancellation);
        Assert.Equal(ChangeStatus.Changed, made.Status);
        Canary.Watch(made.Text!);
        return made;
    }

    public async Task<SecretResult> CreateAsync(NewCredential credential)
    {
        SecretResult made = await Desk.CreateCredentialAsync(credential, Operator, Cancellation);
        Assert.Equal(ChangeStatus.Changed, made.Status);
        Canary.Watch(made.Text!);
        return made;
    }

    public async Task<IReadOnlyList<AuditEvent>> AuditAsync(params string[] workspaceIds) =>
        (await Store.ListAuditAsync(new RowQuery { WorkspaceIds = workspaceIds.Length == 0 ? null : workspaceIds }, Cancellation)).Rows;

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
