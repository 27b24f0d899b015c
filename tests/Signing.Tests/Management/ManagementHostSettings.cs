using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signing.Management;
using Signing.Tests.Support;

namespace Signing.Tests.Management;

/// <summary>What a test changes about its host.</summary>
internal sealed class ManagementHostSettings
{
    public string Environment { get; init; } = "Production";

    public bool Policies { get; init; } = true;

    public ManualTimeProvider Clock { get; init; } = new();

    /// <summary>Changes the options after the policies are named.</summary>
    public Action<ManagementOptions> Options { get; init; } = static _ => { };

    public Action<IServiceCollection> Services { get; init; } = static _ => { };

    /// <summary>Runs before the endpoints.</summary>
    public Action<WebApplication> Before { get; init; } = static _ => { };

    /// <summary>Maps; the usual is at <c>/signing</c>.</summary>
    public Action<WebApplication> Map { get; init; } = static app => app.MapSigningManagement("/signing");
}
