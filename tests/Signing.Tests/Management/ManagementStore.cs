using Microsoft.Extensions.DependencyInjection;

namespace Signing.Tests.Management;

/// <summary>Where the host of a test keeps its credentials: in a file. The tests of another store run on a class of this name of their own.</summary>
internal sealed class ManagementStore : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("signing-management-");

    /// <summary>Whether what is due is tidied while the clock is moved, and not behind it.</summary>
    public static bool TidiesAtOnce => true;

    // A folder where the store makes its new file. The file itself cannot be deleted everywhere while the host has it.
    private string InTheWay => Path.Combine(_folder.FullName, "credentials.json.new");

    public void AddTo(IServiceCollection services) => services.AddSigningCredentialFile(Path.Combine(_folder.FullName, "credentials.json"), options =>
    {
        options.Prefix = "acme";
        options.AllowUnprotectedKeyRing = true;
    });

    /// <summary>Has every change fail from now on.</summary>
    public Task BreakAsync()
    {
        Directory.CreateDirectory(InTheWay);
        return Task.CompletedTask;
    }

    public Task MendAsync()
    {
        Directory.Delete(InTheWay);
        return Task.CompletedTask;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
