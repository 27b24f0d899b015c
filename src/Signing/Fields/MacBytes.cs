using System.Runtime.CompilerServices;

namespace Signing;

/// <summary>Holds the bytes of one received MAC.</summary>
[InlineArray(HmacSha256.MacSize)]
internal struct MacBytes
{
    private byte _first;
}
