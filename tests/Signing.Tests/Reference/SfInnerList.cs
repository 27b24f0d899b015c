namespace Signing.Tests.Reference;

/// <summary>RFC 9651 §3.1.1. Items in parentheses, with the parameters of the whole.</summary>
public sealed record SfInnerList(IReadOnlyList<SfItem> Items, IReadOnlyList<SfParameter> Parameters) : SfMember(Parameters);
