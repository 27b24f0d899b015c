using System.Reflection;

namespace Signing.Browser.Tests.Support;

/// <summary>Keeps pictures of the page as output of the tests, in artifacts/screenshots.</summary>
internal static class Screenshots
{
    private static readonly string Folder = Path.Combine(
        typeof(Screenshots).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!, "artifacts", "screenshots");

    public static Task KeepAsync(IPage page, string name) => page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, $"{name}.png") });
}
