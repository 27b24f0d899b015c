// Commits numbered changes to a file of credentials, several at once, until somebody ends it; says of each when it is confirmed.
//   Writer DIRECTORY WRITERS
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Signing.AspNetCore;

string directory = args[0];
int writers = int.Parse(args[1], CultureInfo.InvariantCulture);
var seal = new SecretSeal(DataProtectionProvider.Create(new DirectoryInfo(Path.Combine(directory, "ring"))));
Stream output = Console.OpenStandardOutput();
Say("opening");
FileCredentialStore store = FileCredentialStore.Open(Path.Combine(directory, "credentials.json"), seal);
Say("open");
var root = new Stamp(DateTimeOffset.UnixEpoch, "root");
if (await store.GetAsync<WorkspaceRecord>("ws_1", CancellationToken.None) is null)
{
    await CommitAsync([new RowEdit(null, new WorkspaceRecord { Id = "ws_1", Name = "Acme", Created = root })], []);
}

await Task.WhenAll(Enumerable.Range(1, writers).Select(writer => Task.Run(() => WriteAsync(writer))));

// Each change is of two rows and an event: all of it is stored, or nothing.
async Task WriteAsync(int writer)
{
    (string applicationId, string credentialId) = ($"app_{writer}", $"crd_{writer}");
    ApplicationRecord? application = await store.GetAsync<ApplicationRecord>(applicationId, CancellationToken.None);
    CredentialRecord? credential = await store.GetAsync<CredentialRecord>(credentialId, CancellationToken.None);
    for (int number = (int)(application?.Version ?? 0) + 1; ; number++)
    {
        ApplicationRecord nextApplication = new() { Id = applicationId, WorkspaceId = "ws_1", Name = $"{number}", Created = root, Version = number };
        var secret = new SecretRecord
        {
            Version = number,
            Hint = "....",
            Disclosure = SecretDisclosure.Once,
            Created = root.At,
            Sealed = seal.Seal(credentialId, number, $"the secret of writer {writer}, number {number}"),
        };
        var nextCredential = new CredentialRecord
        {
            Id = credentialId,
            ApplicationId = applicationId,
            WorkspaceId = "ws_1",
            Kind = CredentialKind.KeyPair,
            Key = $"key_{writer}",
            Name = $"{writer}:{number}",
            Environment = "live",
            Secrets = [secret],
            Created = root,
            Version = number,
        };
        await CommitAsync(
            [new RowEdit(application, nextApplication), new RowEdit(credential, nextCredential)],
            [new AuditEvent { At = root.At, Actor = "root", Action = "credential.rotated", Target = $"{writer}:{number}", WorkspaceId = "ws_1", Outcome = "changed" }]);
        Say($"{writer}:{number}");
        (application, credential) = (nextApplication, nextCredential);
    }
}

async Task CommitAsync(IReadOnlyList<RowEdit> edits, IReadOnlyList<AuditEvent> audit)
{
    ChangeStatus status = await store.CommitAsync(new StoreChange(edits, audit), CancellationToken.None);
    if (status != ChangeStatus.Changed)
    {
        throw new InvalidOperationException($"The change is refused: {status}.");
    }
}

// One call to the system for each line, so that it is there as a whole or not at all.
void Say(string line)
{
    lock (output)
    {
        output.Write(Encoding.ASCII.GetBytes(line + "\n"));
    }
}
