namespace Signing.Tests.Reference;

/// <summary>RFC 9651 §3.3. A bare item with its parameters.</summary>
public sealed record SfItem(SfBareItem Value, IReadOnlyList<SfParameter> Parameters) : SfMember(Parameters);
