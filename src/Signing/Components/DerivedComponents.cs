namespace Signing;

/// <summary>RFC 9421 §2.2. Names the derived components; a bit each, so that coverage is one mask.</summary>
/// <remarks>What a response covers of its request stands in the same mask, <see cref="ComponentIdentifier.RequestShift"/> bits higher.</remarks>
[Flags]
internal enum DerivedComponents
{
    None = 0,
    Method = 1,
    TargetUri = 2,
    Authority = 4,
    Scheme = 8,
    RequestTarget = 16,
    Path = 32,
    Query = 64,
    QueryParam = 128,
    Status = 256,
}
