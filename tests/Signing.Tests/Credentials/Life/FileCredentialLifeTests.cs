using Signing.AspNetCore;

namespace Signing.Tests.Credentials.Life;

/// <summary>In a file, which is closed and opened again now and then.</summary>
public sealed class FileCredentialLifeTests : CredentialLifeContract, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signing-life-").FullName;
    private FileCredentialStore _store;

    public FileCredentialLifeTests() => _store = Open();

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private protected override IReadOnlyList<LifeNode> Nodes() => [new(_store, DeskOf(_store))];

    protected override Task PauseAsync(bool isLong)
    {
        if (isLong)
        {
            _store.Dispose();
            _store = Open();
        }

        return Task.CompletedTask;
    }

    private FileCredentialStore Open() => FileCredentialStore.Open(Path.Combine(_directory, "credentials.json"), Seal, Clock);
}
