namespace Signing.AspNetCore;

/// <summary>What is stored together or not at all: edits of rows, and the events that tell of them.</summary>
/// <param name="Edits">The edits, no row twice.</param>
/// <param name="Audit">The events; their numbers are given by the store.</param>
public sealed record StoreChange(IReadOnlyList<RowEdit> Edits, IReadOnlyList<AuditEvent> Audit);
