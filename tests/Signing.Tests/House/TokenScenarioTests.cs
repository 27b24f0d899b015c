using System.Reflection;

namespace Signing.Tests.House;

/// <summary>Each of the 25 scenarios of a client's token is a trait of a test.</summary>
public sealed class TokenScenarioTests
{
    private const int Scenarios = 25;

    [Fact]
    public void Each_of_the_25_token_scenarios_is_a_trait_of_a_test()
    {
        var named = from type in typeof(TokenScenarioTests).Assembly.GetTypes()
                    from method in type.GetMethods()
                    where method.IsDefined(typeof(FactAttribute), inherit: true)
                    from trait in method.GetCustomAttributes<TraitAttribute>()
                    where trait.Name == "Scenario"
                    select trait.Value;

        Assert.Equal(Enumerable.Range(1, Scenarios).Select(number => $"{number}").Order(StringComparer.Ordinal), named.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }
}
