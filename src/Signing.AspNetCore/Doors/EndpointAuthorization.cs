using Microsoft.AspNetCore.Authorization;

namespace Signing.AspNetCore;

/// <summary>Asks for the default policy on behalf of a requirement of ours, so that ASP.NET refuses to run the endpoint where nobody authorizes.</summary>
/// <param name="scheme">The scheme that ASP.NET is to ask; <see langword="null"/> leaves it to the policy.</param>
internal sealed class EndpointAuthorization(string? scheme) : IAuthorizeData
{
    public string? Policy
    {
        get => null;
        set => throw NotOurs();
    }

    public string? Roles
    {
        get => null;
        set => throw NotOurs();
    }

    public string? AuthenticationSchemes
    {
        get => scheme;
        set => throw NotOurs();
    }

    private static NotSupportedException NotOurs() => new("Give the endpoint an AuthorizeAttribute of its own.");
}
