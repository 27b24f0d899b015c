using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Signing.AspNetCore;

namespace Signing.Tests.Credentials;

/// <summary>Two readings are the same only if each text of them is.</summary>
public sealed class RecordedSectionTests
{
    [Theory]
    [InlineData("1", "2b3", "1b2", "3")]
    [InlineData("1", null, "1", "")]
    [InlineData("1", "secret", "1", "Secret")]
    public void Texts_that_differ_are_recorded_as_different(string a, string? b, string otherA, string? otherB)
    {
        Assert.NotEqual(RecordOf(a, b), RecordOf(otherA, otherB));
        Assert.Equal(RecordOf(a, b), RecordOf(a, b));
    }

    [Fact]
    public void A_child_more_is_recorded_although_nobody_asks_for_its_value()
    {
        byte[] one = RecordOf("1", "2", static section => section.GetChildren().Count());
        byte[] two = RecordOf("1", "2", static section => section.GetChildren().Count(), ("all:c", "3"));

        Assert.NotEqual(one, two);
    }

    private static byte[] RecordOf(string? a, string? b) => RecordOf(a, b, static section => (section["a"] + section["b"]).Length);

    private static byte[] RecordOf(string? a, string? b, Func<IConfigurationSection, int> read, params (string Path, string Value)[] more)
    {
        Dictionary<string, string?> settings = more.ToDictionary(setting => setting.Path, setting => (string?)setting.Value, StringComparer.Ordinal);
        (settings["all:a"], settings["all:b"]) = (a, b);
        using var record = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _ = read(new RecordedSection(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("all"), record));
        return record.GetHashAndReset();
    }
}
