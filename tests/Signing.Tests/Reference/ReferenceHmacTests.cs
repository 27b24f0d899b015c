using Signing.Tests.Algorithms;

namespace Signing.Tests.Reference;

public sealed class ReferenceHmacTests
{
    [Theory]
    [MemberData(nameof(Rfc4231.Cases), MemberType = typeof(Rfc4231))]
    public void The_reference_gives_the_MACs_of_RFC_4231(string section, string key, string data, string mac)
    {
        Assert.StartsWith("4.", section, StringComparison.Ordinal);
        var computed = ReferenceHmac.Compute(Convert.FromHexString(key), Convert.FromHexString(data));
        Assert.StartsWith(mac, Convert.ToHexString(computed), StringComparison.OrdinalIgnoreCase);
    }
}
