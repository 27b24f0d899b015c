using System.Text;
using Microsoft.Extensions.Configuration;

namespace Signing.Tests.Support;

/// <summary>A configuration that a test replaces as a whole while it is in use, as saving a file does.</summary>
internal sealed class LiveConfiguration : ConfigurationProvider, IConfigurationSource
{
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

    private static Dictionary<string, string?> Parse(string json)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(json));
        return new Dictionary<string, string?>(
            new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable(), StringComparer.OrdinalIgnoreCase);
    }
}
