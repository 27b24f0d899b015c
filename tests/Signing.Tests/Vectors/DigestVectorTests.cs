using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Vectors;

public sealed class DigestVectorTests
{
    public static TheoryData<string> Names => [.. DigestVector.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_reference_gives_the_verdict_of_the_vector(string name)
    {
        var vector = DigestVector.All[name];
        Assert.Equal(vector.Expected, ReferenceDigest.Verify(vector.Lines, vector.Content));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_core_gives_the_verdict_of_the_vector(string name)
    {
        var vector = DigestVector.All[name];
        var request = new ReferenceRequest("POST", "https", "example.com", "/", [], vector.Content).With("Content-Digest", vector.Lines);
        Assert.Equal(vector.Expected, CoreVerification.VerifyDigest(new ReferenceMessage(request), vector.Content));
    }
}
