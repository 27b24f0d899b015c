using Signing.AspNetCore;

namespace Signing.Tests.Credentials.Life;

/// <summary>A process that keeps credentials: its store, and what its operators do there.</summary>
internal sealed record LifeNode(ICredentialStore Store, CredentialAdministration Desk);
