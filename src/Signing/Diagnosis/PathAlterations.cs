namespace Signing;

/// <summary>Names what happens to paths between a signer and a verifier; the likeliest first, where two would explain the same.</summary>
[Flags]
internal enum PathAlterations
{
    None = 0,
    RemoveDotSegments = 1,
    Decode = 2,
    MergeSlashes = 4,
    Reencode = 8,
    StripPrefix = 16,
    AddPrefix = 32,
    All = 63,
}
