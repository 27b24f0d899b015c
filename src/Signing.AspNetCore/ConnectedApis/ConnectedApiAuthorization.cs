using Microsoft.AspNetCore.Authorization;

namespace Signing.AspNetCore;

/// <summary>Asks for the default policy on behalf of a <see cref="ConnectedApiRequirement"/>, so that ASP.NET refuses to run the endpoint where nobody authorizes.</summary>
internal sealed class ConnectedApiAuthorization : IAuthorizeData
{
    public static readonly ConnectedApiAuthorization Instance = new();

    private ConnectedApiAuthorization()
    {
    }

    public string? Policy
    {
        get => null;
        set => throw new NotSupportedException("Give the endpoint an AuthorizeAttribute of its own.");
    }

    public string? Roles
    {
        get => null;
        set => throw new NotSupportedException("Give the endpoint an AuthorizeAttribute of its own.");
    }

    public string? AuthenticationSchemes
    {
        get => null;
        set => throw new NotSupportedException("Give the endpoint an AuthorizeAttribute of its own.");
    }
}
