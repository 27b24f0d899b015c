using System.Reflection;

namespace Signing.Tests.House;

public sealed class TestNameTests
{
    [Fact]
    public void A_test_is_named_after_the_sentence_it_proves()
    {
        var tests = from type in typeof(TestNameTests).Assembly.GetTypes()
                    from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                    where method.IsDefined(typeof(FactAttribute), inherit: true)
                    select method;

        Assert.NotEmpty(tests);
        Offenders.None(tests.Where(test => test.Name.Count(character => character == '_') < 2 || !test.IsPublic).Select(test => $"{test.DeclaringType}.{test.Name}"));
    }
}
