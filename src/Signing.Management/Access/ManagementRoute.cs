namespace Signing.Management;

/// <summary>Says on an endpoint that it is of the management, what it answers with, and so how it refuses.</summary>
internal sealed record ManagementRoute(ManagementArea Area);
