namespace Signing.Client;

/// <summary>Holds how a request was signed for one sending.</summary>
/// <param name="Profile">The profile, adjusted to the origin and to the request's own options.</param>
/// <param name="Learnt">What was known of the origin.</param>
/// <param name="Fingerprint">That of the covered fields.</param>
/// <param name="Key">The key.</param>
/// <param name="Label">The label of the signature.</param>
internal readonly record struct Attempt(SigningProfile Profile, LearntOrigin Learnt, int Fingerprint, SigningKey Key, string Label);
