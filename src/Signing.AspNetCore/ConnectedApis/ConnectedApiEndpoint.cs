namespace Signing.AspNetCore;

/// <summary>An endpoint of a <see cref="ConnectedApi"/>.</summary>
/// <param name="Methods">The HTTP methods that it answers, in order of the alphabet; none if it answers all.</param>
/// <param name="Pattern">The pattern of its route, such as <c>/orders/{id}</c>.</param>
public sealed record ConnectedApiEndpoint(IReadOnlyList<string> Methods, string Pattern);
