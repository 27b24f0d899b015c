namespace Signing.AspNetCore;

/// <summary>A signature that is in order, with its credential and the content, and not used up yet.</summary>
/// <param name="Message">The request.</param>
/// <param name="Candidate">Where its signature stands.</param>
/// <param name="Matched">Which Secret of the credential has made it.</param>
/// <param name="Fingerprint">What is claimed against replay.</param>
/// <param name="Now">When it was judged.</param>
internal readonly record struct ProvedSignature(HttpRequestView Message, SignatureCandidate Candidate, int Matched, UInt128 Fingerprint, DateTimeOffset Now);
