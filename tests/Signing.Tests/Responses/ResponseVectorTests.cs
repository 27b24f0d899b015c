using System.Text;
using System.Text.Json;
using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Responses;

public sealed class ResponseVectorTests
{
    public static TheoryData<string> Names => [.. ResponseVector.All.Keys];

    public static TheoryData<string> NamesWithABase => [.. ResponseVector.All.Values.Where(vector => vector.Base is not null).Select(vector => vector.Name)];

    [Fact]
    public void The_name_of_a_response_vector_begins_with_its_verdict() =>
        Assert.All(ResponseVector.All.Values, vector => Assert.StartsWith(
            JsonNamingPolicy.KebabCaseUpper.ConvertName(vector.Expected.ToString()) + "--",
            vector.Name.ToUpperInvariant(),
            StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Protocol", "B6")]
    public void The_core_gives_the_verdict_of_the_response_vector(string name)
    {
        ResponseVector vector = ResponseVector.All[name];
        using var key = new SigningKey("test-shared-secret", ResponseVector.Secret);

        Assert.Equal(vector.Expected, ResponseVerification.Verify(new MessageVerifier(vector.Policy, new ManualTimeProvider(ResponseVector.Now)), vector.Response, key));
    }

    [Theory]
    [MemberData(nameof(NamesWithABase))]
    public void The_core_builds_the_signature_base_of_the_response_vector(string name)
    {
        ResponseVector vector = ResponseVector.All[name];
        string input = vector.Response.Lines("signature-input").Single();
        var buffer = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);

        SignatureStatus status = SignatureBase.Write(
            new ReferenceResponseMessage(vector.Response), input.AsSpan(input.IndexOf('=', StringComparison.Ordinal) + 1), isCanonical: false, vector.Policy.FieldTypes, ref buffer);

        Assert.Equal((SignatureStatus.Verified, vector.Base), (status, Encoding.ASCII.GetString(buffer.Written)));
        buffer.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_MAC_of_a_response_vector_is_what_its_key_gives_for_what_was_signed(string name)
    {
        ResponseVector vector = ResponseVector.All[name];

        Assert.Equal(ReferenceHmac.Compute(ResponseVector.Secret, Encoding.ASCII.GetBytes(vector.Signed ?? vector.Base!)), vector.Mac);
    }
}
