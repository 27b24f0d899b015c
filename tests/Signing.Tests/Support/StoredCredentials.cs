using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;

namespace Signing.Tests.Support;

/// <summary>A store of its own with the desk of an operator, for a host to use in place of other credentials.</summary>
internal sealed class StoredCredentials : IDisposable
{
    public static readonly Actor Operator = new("ann", "192.0.2.1");

    private readonly KeptCredentials _kept;

    public StoredCredentials(ManualTimeProvider clock)
    {
        var seal = new SecretSeal(new EphemeralDataProtectionProvider());
        _kept = new KeptCredentials(seal, clock);
        Desk = new CredentialAdministration(Store, seal, new CredentialFormat(CredentialFormat.UsualPrefix), clock);
    }

    public ICredentialStore Store => _kept.Store;

    public CredentialAdministration Desk { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Register(IServiceCollection services) => services
        .AddSingleton<ICredentialStore>(Store)
        .AddSingleton<ICredentialSource>(Store)
        .AddSingleton<IApiTokenSource>(Store)
        .AddSingleton<ISharingKeySource>(Store);

    public async Task<WorkspaceRecord> WorkspaceAsync(string name = "Acme", SecretDisclosure disclosure = SecretDisclosure.Once)
    {
        await _kept.MakeAsync();
        return (await Desk.CreateWorkspaceAsync(new NewWorkspace { Name = name, Disclosure = disclosure }, Operator, Cancellation)).Row!;
    }

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

    /// <summary>Has the store fail from now on.</summary>
    public void Break() => _kept.Break();

    /// <summary>Reads all that is kept, as it is kept.</summary>
    public Task<IReadOnlyList<byte[]>> ReadAsync() => _kept.ReadAsync(Cancellation);

    public void Dispose() => _kept.Dispose();
}
