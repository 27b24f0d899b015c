using Signing.AspNetCore;

namespace Signing.Tests.Support;

/// <summary>The store of a test: a file in a directory of its own. The tests of another store run on a class of this name of their own.</summary>
internal sealed class KeptCredentials(SecretSeal seal, ManualTimeProvider clock) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("signing-stored-").FullName;
    private FileCredentialStore? _store;

    public ICredentialStore Store => _store ??= FileCredentialStore.Open(Path.Combine(_directory, "credentials.json"), seal, clock);

    /// <summary>Makes what the store needs, if it is not there.</summary>
    public Task MakeAsync() => Task.CompletedTask;

    /// <summary>Has the store fail from now on.</summary>
    public void Break() => _store?.Dispose();

    /// <summary>Reads all that is kept, as it is kept.</summary>
    public async Task<IReadOnlyList<byte[]>> ReadAsync(CancellationToken cancellationToken)
    {
        string[] files = [.. Directory.GetFiles(_directory).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(["credentials.json", "credentials.json.audit"], files.Select(Path.GetFileName));
        return await Task.WhenAll(files.Select(path => File.ReadAllBytesAsync(path, cancellationToken)));
    }

    public void Dispose()
    {
        _store?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
