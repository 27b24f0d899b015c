namespace Signing.AspNetCore;

/// <summary>Judges the sharing key of a grant, and both of its sides, as they are now; completes at once where everything is in memory, and throws if nobody can tell.</summary>
internal delegate ValueTask<SharingKeyVerdict> SharingKeyCheck(Grant grant, Credential client, CancellationToken cancellationToken);
