namespace Signing.AspNetCore;

/// <summary>Marks a registered scheme that reads tokens, and says how it is built.</summary>
/// <param name="Name">The name of the scheme, and of its options.</param>
/// <param name="Open">Builds it from its options as they are now.</param>
/// <param name="Watch">Calls an action whenever its options are reloaded.</param>
internal sealed record TokenScheme(string Name, Func<IServiceProvider, TokenDoor> Open, Func<IServiceProvider, Action, IDisposable?> Watch);
