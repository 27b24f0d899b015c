using System.Reflection;

namespace Signing.Tests.House;

/// <summary>Each line of the protocol checklist, and each of the twenty verifier mistakes, is a trait of a test.</summary>
public sealed class ProtocolChecklistTests
{
    // The checklist's sections with the number of their lines: component identifiers, fields, derived components, signature
    // parameters, base, wire, verifier, Accept-Signature, digests.
    private static readonly (string Section, int Lines)[] Sections =
        [("C", 8), ("F", 10), ("D", 1), ("P", 5), ("B", 6), ("W", 6), ("V", 4), ("A", 5), ("G", 8)];

    [Fact]
    public void Every_line_of_the_protocol_checklist_is_a_trait_of_a_test()
    {
        string[] expected = [.. Sections.SelectMany(section => Enumerable.Range(1, section.Lines), (section, line) => $"{section.Section}{line}")];

        Assert.Empty(expected.Except(TraitsNamed("Protocol"), StringComparer.Ordinal));
    }

    [Fact]
    public void Each_of_the_twenty_verifier_mistakes_has_a_class_of_tests() =>
        Assert.Empty(Enumerable.Range(1, 20).Select(number => $"{number}").Except(TraitsNamed("Mistake"), StringComparer.Ordinal));

    private static HashSet<string> TraitsNamed(string name)
    {
        MethodInfo[] tests =
        [
            .. typeof(ProtocolChecklistTests).Assembly.GetTypes()
                .Where(type => !type.IsAbstract)
                .SelectMany(type => type.GetMethods())
                .Where(method => method.IsDefined(typeof(FactAttribute), inherit: true)),
        ];
        Assert.NotEmpty(tests);
        return
        [
            .. tests.SelectMany(test => test.GetCustomAttributes<TraitAttribute>().Concat(test.ReflectedType!.GetCustomAttributes<TraitAttribute>()))
                .Where(trait => trait.Name == name)
                .Select(trait => trait.Value),
        ];
    }
}
