namespace Signing.Tests.Reference;

/// <summary>RFC 9651 §3.1.2. One parameter of an item or inner list.</summary>
public sealed record SfParameter(string Key, SfBareItem Value);
