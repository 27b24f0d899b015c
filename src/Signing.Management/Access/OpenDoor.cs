using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Signing.Management;

/// <summary>The door of Development without policies: for a browser on this machine that was told to come here, and nothing that only looks like one.</summary>
internal static class OpenDoor
{
    // What proxies add, and what ASP.NET's forwarded-headers middleware leaves of it: with any of them the peer is not the caller.
    private static readonly string[] ForwardingHeaders =
    [
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Forwarded-Port", "X-Forwarded-Server",
        "X-Original-For", "X-Original-Host", "X-Original-Proto", "X-Original-Prefix", "X-Real-IP", "Via",
    ];

    // A page of another site has no cookie to be kept from here, only its Origin: a host that lets all sites read, as in Development
    // many do, would let it read this too.
    public static bool IsOpen(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer)
        && !ForwardingHeaders.Any(context.Request.Headers.ContainsKey)
        && IsThisMachine(context.Request.Host)
        && (context.Request.Headers.Origin.Count == 0 || SameOrigin.Is(context.Request));

    // A name that somebody else's DNS points to this machine is not ours.
    private static bool IsThisMachine(HostString host) =>
        host.HasValue && new StringSegment(host.Host) is var name
        && (name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name == "127.0.0.1" || name == "[::1]");
}
