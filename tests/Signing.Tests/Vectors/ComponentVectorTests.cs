using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Vectors;

public sealed class ComponentVectorTests
{
    public static TheoryData<string, string, int> Components => [.. ComponentVector.All.Select((vector, index) => (vector.Name, vector.Component, index))];

    [Theory]
    [MemberData(nameof(Components))]
    public void The_reference_gives_the_value_of_the_component(string name, string component, int index)
    {
        var vector = ComponentVector.All[index];
        Assert.Equal((name, component), (vector.Name, vector.Component));
        Assert.Equal((vector.Expected, vector.Value), ReferenceValue(vector));
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void The_core_gives_the_value_of_the_component(string name, string component, int index)
    {
        var vector = ComponentVector.All[index];
        Assert.Equal((name, component), (vector.Name, vector.Component));
        var request = vector.Request.With("Signature-Input", $"sig=({component})");
        var (status, signatureBase) = CoreVerification.BuildBase(request, vector.Context.Policy);
        var expected = vector.Value is null ? null : $"{component}: {vector.Value}\n\"@signature-params\": ({component})";
        Assert.Equal((vector.Expected, expected), (status, signatureBase));
    }

    private static (SignatureStatus Status, string? Value) ReferenceValue(ComponentVector vector)
    {
        try
        {
            return (SignatureStatus.Verified, ReferenceBase.ValueOf(vector.Request, ReferenceComponent.Parse(vector.Component), vector.Context.FieldTypes));
        }
        catch (RefusalException refusal)
        {
            return (refusal.Status, null);
        }
    }
}
