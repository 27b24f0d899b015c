namespace Signing.Management;

/// <summary>What a list can be asked for, for the reader of its query and the OpenAPI document alike.</summary>
/// <param name="States">The states that its rows have, as the query names them.</param>
/// <param name="Fields">What it can be asked for beside what every list can.</param>
internal sealed record TakenFilters(IReadOnlyCollection<string> States, ListFields Fields);
