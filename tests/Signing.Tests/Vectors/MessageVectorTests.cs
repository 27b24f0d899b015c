using System.Text;
using System.Text.Json;
using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Vectors;

public sealed class MessageVectorTests
{
    public static TheoryData<string> Names => [.. MessageVector.All.Keys];

    public static TheoryData<string> NamesWithABase => [.. MessageVector.All.Values.Where(vector => vector.Base is not null).Select(vector => vector.Name)];

    public static TheoryData<string> NamesWithAMac => [.. MessageVector.All.Values.Where(vector => vector.Mac is not null).Select(vector => vector.Name)];

    [Fact]
    public void The_name_of_a_vector_begins_with_its_verdict() =>
        Assert.All(MessageVector.All.Values, vector => Assert.StartsWith(
            JsonNamingPolicy.KebabCaseUpper.ConvertName(vector.Expected.ToString()) + "--",
            vector.Name.ToUpperInvariant(),
            StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_reference_gives_the_verdict_of_the_vector(string name)
    {
        var vector = MessageVector.All[name];
        Assert.Equal(vector.Expected, ReferenceVerifier.Verify(vector.Request, vector.Context));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_core_gives_the_verdict_of_the_vector(string name)
    {
        var vector = MessageVector.All[name];
        Assert.Equal(vector.Expected, CoreVerification.Verify(vector.Request, vector.Context));
    }

    [Theory]
    [MemberData(nameof(NamesWithABase))]
    public void The_reference_builds_the_signature_base_of_the_vector(string name)
    {
        var vector = MessageVector.All[name];
        Assert.Equal(vector.Base, ReferenceBase.Build(vector.Request, vector.Signature, vector.Context.FieldTypes));
    }

    [Theory]
    [MemberData(nameof(NamesWithABase))]
    public void The_core_builds_the_signature_base_of_the_vector(string name)
    {
        var vector = MessageVector.All[name];
        Assert.Equal((SignatureStatus.Verified, vector.Base), CoreVerification.BuildBase(vector.Request, vector.Context.Policy));
    }

    // What the signer had signed: the base, unless the case is about a message that was changed, or about a base nobody may build.
    [Theory]
    [MemberData(nameof(NamesWithAMac))]
    public void The_MAC_of_a_vector_is_what_its_key_gives_for_what_was_signed(string name)
    {
        var vector = MessageVector.All[name];
        var signed = Encoding.ASCII.GetBytes(vector.Signed ?? vector.Base!);
        Assert.Contains(vector.Context.Keys, key => ReferenceHmac.Compute(key.Secret, signed).SequenceEqual(vector.Mac!));
    }
}
