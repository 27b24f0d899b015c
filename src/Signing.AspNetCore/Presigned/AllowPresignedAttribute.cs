namespace Signing.AspNetCore;

/// <summary>Lets presigned URLs in where a signature is asked for: on an action, on a controller, or on the delegate of an endpoint.</summary>
/// <remarks>
/// Whoever has the URL calls the endpoint as the holder of the key, by GET and HEAD or over a WebSocket, as often as they like, until it expires:
/// nothing is claimed against replay. Put it only on endpoints that read, and whose answer may be seen by whoever is given the URL.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AllowPresignedAttribute : Attribute;
