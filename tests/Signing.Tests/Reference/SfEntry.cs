namespace Signing.Tests.Reference;

/// <summary>RFC 9651 §3.2. One key of a dictionary and what stands under it.</summary>
public sealed record SfEntry(string Key, SfMember Member);
