namespace Signing.Tests.Reference;

/// <summary>RFC 9421 §4.1. One member of Signature-Input: its label, what is covered, and under which parameters.</summary>
public sealed record ReferenceSignature(string Label, SfMember Input)
{
    public SfInnerList Covered => (SfInnerList)Input;

    public IReadOnlyList<ReferenceComponent> Components { get; } =
        ((Input as SfInnerList)?.Items ?? []).Where(item => item.Value.Kind == SfKind.String)
            .Select(item => new ReferenceComponent((string)item.Value.Value, item.Parameters)).ToList();

    public SfBareItem? Parameter(string key) => Input.Parameters.FirstOrDefault(parameter => parameter.Key == key)?.Value;

    public bool Covers(string component) => Components.Any(ReferenceComponent.Parse(component).IsSameAs);
}
