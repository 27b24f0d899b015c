using System.Text;
using Microsoft.Extensions.Configuration;

namespace Signing.Tests.Support;

/// <summary>A configuration that a test replaces as a whole while it is in use, as saving a file does.</summary>
internal sealed class LiveConfiguration : ConfigurationProvider, IConfigurationSource
{
    // What is shorter may stand in a line by accident.
    private const int MinSecretLength = 16;

    public LiveConfiguration(string json)
    {
        Data = Parse(json);
        Root = new ConfigurationBuilder().Add(this).Build();
    }

    public IConfigurationRoot Root { get; }

    public void Replace(string json)
    {
        Data = Parse(json);
        OnReload();
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    private static bool IsSecret(string path) =>
        path.Contains(":Secret", StringComparison.OrdinalIgnoreCase)
        || (path.EndsWith(":Token", StringComparison.OrdinalIgnoreCase) && !path.EndsWith("Endpoints:Token", StringComparison.OrdinalIgnoreCase))
        || (path.Contains(":SharingKeys:", StringComparison.OrdinalIgnoreCase) && path.EndsWith(":Key", StringComparison.OrdinalIgnoreCase));

    private static Dictionary<string, string?> Parse(string json)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(json));
        var values = new Dictionary<string, string?>(
            new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable(), StringComparer.OrdinalIgnoreCase);
        Canary.Watch([.. values.Where(pair => IsSecret(pair.Key) && pair.Value?.Length >= MinSecretLength).Select(pair => pair.Value!)]);
        return values;
    }
}
