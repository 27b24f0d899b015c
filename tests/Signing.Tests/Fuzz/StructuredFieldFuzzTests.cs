using System.Text;
using System.Text.Json;
using Signing.Tests.Reference;
using Signing.Tests.Support;

namespace Signing.Tests.Fuzz;

/// <summary>The core's structured fields against the reference's: same verdict, same canonical bytes.</summary>
public sealed class StructuredFieldFuzzTests
{
    private static readonly int Cases = Effort.Of(40_000);

    [Theory]
    [InlineData(SfFieldType.List)]
    [InlineData(SfFieldType.Dictionary)]
    [InlineData(SfFieldType.Item)]
    public void Core_and_reference_agree_on_every_structured_field(SfFieldType type)
    {
        var accepted = 0;
        for (var seed = 0; seed < Cases / 3; seed++)
        {
            var input = Generate(new Draw(seed), type);
            var expected = Reference(input, type);
            var actual = Core(input, type);
            accepted += actual is null ? 0 : 1;
            if (expected != actual)
            {
                Assert.Fail($"{type}, seed {seed}, input {JsonSerializer.Serialize(input)}: reference {expected ?? "refuses"}, core {actual ?? "refuses"}");
            }
        }

        // A generator of which nothing, or everything, is valid would prove little.
        Assert.InRange(accepted, Cases / 3 / 10, Cases / 3 * 9 / 10);
    }

    private static string Generate(Draw draw, SfFieldType type)
    {
        var text = new StructuredText(draw);
        if (draw.OneIn(20))
        {
            return text.Garbage();
        }

        var valid = type switch
        {
            SfFieldType.List => text.List(),
            SfFieldType.Dictionary => text.Dictionary(),
            _ => text.Item(),
        };
        return draw.MutateSometimes(valid, 4);
    }

    // Null where it is malformed, or repeats what may not be repeated in anything that is signed.
    private static string? Reference(string input, SfFieldType type) =>
        SfParser.TryParse(input, type) is { HasDuplicateKeys: false } field && !field.Members.Any(member => member.HasDuplicateParametersAnywhere)
            ? field.Serialize()
            : null;

    private static string? Core(string input, SfFieldType type)
    {
        var buffer = new BaseBuffer(stackalloc byte[BaseBuffer.InitialBytes]);
        StructuredFieldWriter.WriteField(input, Enum.Parse<FieldType>(type.ToString()), ref buffer);
        var written = buffer.Failed ? null : Encoding.ASCII.GetString(buffer.Written);
        buffer.Dispose();
        return written;
    }
}
