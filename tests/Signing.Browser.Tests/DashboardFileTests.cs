using System.Reflection;
using System.Text.RegularExpressions;
using Signing.Management;

namespace Signing.Browser.Tests;

public sealed partial class DashboardFileTests
{
    private const int MaxBytes = 90 * 1024;

    private static readonly Assembly Management = typeof(ManagementOptions).Assembly;

    private static string[] Names => [.. Management.GetManifestResourceNames().Where(name => name.StartsWith("Dashboard/", StringComparison.Ordinal))];

    [Fact]
    public void All_files_together_have_at_most_90_KB()
    {
        Assert.InRange(Names.Sum(name => Read(name).Length), 50_000, MaxBytes);
    }

    [Fact]
    public void No_file_makes_HTML_from_text_keeps_anything_in_the_browser_or_loads_from_elsewhere()
    {
        Assert.All(Names, name => Assert.DoesNotMatch(Forbidden(), System.Text.Encoding.UTF8.GetString(Read(name))));
    }

    [Fact]
    public void No_script_imports_what_is_not_there_or_is_there_for_nobody()
    {
        string[] scripts = [.. Names.Where(name => name.EndsWith(".js", StringComparison.Ordinal))];
        var imported = from name in scripts
                       from Match import in Import().Matches(System.Text.Encoding.UTF8.GetString(Read(name)))
                       select new Uri(new Uri("file:///" + name), import.Groups["path"].Value).AbsolutePath[1..];

        Assert.Equal(scripts.Where(name => name != "Dashboard/main.js").Order(), imported.Distinct().Order());
    }

    private static byte[] Read(string name)
    {
        using Stream stream = Management.GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    [GeneratedRegex(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|sessionStorage|indexedDB|document\.cookie|(?:src|href|url\()=?[""'(]?(?:https?:)?//|@import| style=| on\w+=")]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"^(?:import|export) .* from '(?<path>\..*)';$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Import();
}
