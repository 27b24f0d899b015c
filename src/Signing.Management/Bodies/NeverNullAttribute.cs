namespace Signing.Management;

/// <summary>A member of a change that may be left out, and is refused as null, for it cannot be taken away.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NeverNullAttribute : Attribute;
