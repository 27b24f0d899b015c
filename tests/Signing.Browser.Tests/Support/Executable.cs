namespace Signing.Browser.Tests.Support;

/// <summary>Finds a program of the machine.</summary>
internal static class Executable
{
    // An administrator's programs are not on everybody's path.
    private static readonly string[] Folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin"];

    public static string Find(params string[] names) =>
        names.SelectMany(name => Folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"There is no {string.Join(", ", names)} here. Install it, as tests/run.sh does: apt-get install {names[0]}.");
}
