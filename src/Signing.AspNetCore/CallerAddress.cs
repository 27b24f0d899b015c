using System.Net;
using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>The address that a request came from, as people write it.</summary>
internal static class CallerAddress
{
    /// <summary>Gets the address; <see langword="null"/> if the server does not know it, as on a Unix socket.</summary>
    public static string? Of(HttpContext context)
    {
        // A socket that listens for both kinds of address shows one of the old kind as one of the new.
        IPAddress? address = context.Connection.RemoteIpAddress;
        return (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
    }
}
