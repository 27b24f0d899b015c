using Microsoft.AspNetCore.Http;

namespace Signing.Management;

/// <summary>Configures the admin API and the dashboard; wrong values stop the host at start.</summary>
public sealed class ManagementOptions
{
    /// <summary>The largest body that the admin API reads unless set otherwise: 64 KiB.</summary>
    public const int UsualMaxBodyBytes = 64 * 1024;

    /// <summary>Who may do what.</summary>
    public ManagementPolicies Policies { get; set; } = new();

    /// <summary>
    /// Gives the ids of the workspaces that the user of a request may see, or <see langword="null"/> for all; unset, everybody
    /// whom the policies let in sees all of them.
    /// </summary>
    /// <remarks>
    /// With ids, a row of any other workspace is not there on any route, and workspaces are neither created, deleted, enabled nor disabled.
    /// It is asked once for each request, after <see cref="ManagementPolicies.Viewer"/> has let the user in.
    /// </remarks>
    public Func<HttpContext, ValueTask<IReadOnlyCollection<string>?>>? Workspaces { get; set; }

    /// <summary>The environments that a credential can be made for, the first one offered first: <c>live</c> and <c>test</c> unless set.</summary>
    public IReadOnlyList<string> Environments { get; set; } = ["live", "test"];

    /// <summary>The largest body that the admin API reads, from 1 KiB to 1 MiB; <see cref="UsualMaxBodyBytes"/> unless set.</summary>
    public int MaxBodyBytes { get; set; } = UsualMaxBodyBytes;
}
