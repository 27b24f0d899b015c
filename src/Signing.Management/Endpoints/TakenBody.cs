namespace Signing.Management;

/// <summary>The body that a route reads by itself, for the OpenAPI document; no metadata of the framework's, by which routing would judge a body before anybody is signed in.</summary>
internal sealed record TakenBody(Type Type, bool IsOptional);
