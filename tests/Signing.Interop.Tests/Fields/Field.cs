namespace Signing.Interop.Tests.Fields;

/// <summary>One field, what each side reads in it and how each writes it; <see langword="null"/> where it finds it malformed.</summary>
public sealed record Field(FieldType Type, string Text, string? Ours, string? OurForm, string? Theirs, string? TheirForm)
{
    /// <summary>Whether there are two forms to compare: our writer has none for a field that repeats a key.</summary>
    public bool IsWrittenByBoth => OurForm is not null && TheirForm is not null;

    public override string ToString() => $"{Type} {Text}\n  ours   {Ours ?? "malformed"}\n         {OurForm}\n  theirs {Theirs ?? "malformed"}\n         {TheirForm}";
}
