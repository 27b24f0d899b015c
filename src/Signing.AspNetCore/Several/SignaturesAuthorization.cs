using Microsoft.AspNetCore.Authorization;

namespace Signing.AspNetCore;

/// <summary>Has ASP.NET ask the first scheme of a <see cref="SignaturesRequirement"/>, which answers for all of them.</summary>
internal sealed class SignaturesAuthorization(string scheme) : IAuthorizeData
{
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
        get => scheme;
        set => throw new NotSupportedException("Give the endpoint an AuthorizeAttribute of its own.");
    }
}
