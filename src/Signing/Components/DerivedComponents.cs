namespace Signing;

/// <summary>RFC 9421 §2.2. Names the derived components of a request; a bit each, so that coverage is one mask.</summary>
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
}
