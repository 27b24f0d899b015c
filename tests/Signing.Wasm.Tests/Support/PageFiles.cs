using System.Reflection;

namespace Signing.Wasm.Tests.Support;

/// <summary>The files of the page: the runtime with its libraries out of its package, and what was built for the page.</summary>
internal static class PageFiles
{
    private const string Main = "Page.dll";
    private static readonly string[] First = ["System.Private.CoreLib.dll", "System.Runtime.InteropServices.JavaScript.dll"];

    /// <summary>Where each file lies, by the name that the page asks for.</summary>
    public static Dictionary<string, string> All { get; } = Folders().SelectMany(Directory.GetFiles).Where(file => Path.GetExtension(file) is ".dll" or ".js" or ".wasm")
        .Append(Path.Combine(AppContext.BaseDirectory, "Page", "index.html"))
        .GroupBy(file => Path.GetFileName(file)).ToDictionary(files => files.Key, files => files.First());

    /// <summary>What the SDK for browsers would write for <c>dotnet.js</c>.</summary>
    public static object Config => new
    {
        mainAssemblyName = Main,
        globalizationMode = "invariant",
        disableIntegrityCheck = true,
        resources = new
        {
            jsModuleNative = Assets("dotnet.native.js"),
            jsModuleRuntime = Assets("dotnet.runtime.js"),
            wasmNative = Assets("dotnet.native.wasm"),
            coreAssembly = Assets(First),
            assembly = Assets([.. All.Keys.Where(name => name.EndsWith(".dll", StringComparison.Ordinal)).Except(First)]),
        },
    };

    public static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html",
        ".js" => "text/javascript",
        ".wasm" => "application/wasm",
        _ => "application/octet-stream",
    };

    private static object[] Assets(params string[] names) => [.. names.Select(name => new { name, virtualPath = name })];

    private static string[] Folders()
    {
        string pack = Written("RuntimePack");
        return [Path.Combine(pack, "lib", "net10.0"), Path.Combine(pack, "native"), Written("Page")];
    }

    private static string Written(string key) =>
        typeof(PageFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
