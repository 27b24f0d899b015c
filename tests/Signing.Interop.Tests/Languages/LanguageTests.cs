using System.Text.RegularExpressions;
using Signing.Interop.Tests.Support;

namespace Signing.Interop.Tests.Languages;

/// <summary>Runs one program of the README against our server; each language is a class, so that one may be left out.</summary>
public abstract partial class LanguageTests(ReadmeProgram program)
{
    [Fact]
    public async Task The_program_of_the_README_signs_a_GET_and_a_POST_that_are_accepted()
    {
        await using OurServer server = await OurServer.StartAsync(publicOrigin: null);

        (bool succeeded, string output, string errors) = await program.RunAsync(server.Address, OurServer.Key, OurServer.Secret);

        Assert.True(succeeded, output + errors);
        string[] lines = output.Split('\n');
        Assert.Equal($"200 {OurServer.Key} sent ", lines[0]);
        Assert.StartsWith($"200 {OurServer.Key} sent {{\"item\":", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_another_Secret_it_is_refused()
    {
        await using OurServer server = await OurServer.StartAsync(publicOrigin: null);

        (_, string output, string errors) = await program.RunAsync(server.Address, OurServer.Key, OurServer.Secret + "!");

        Assert.Equal(["401"], Statuses(output + errors));
    }

    [Fact]
    public async Task It_does_not_follow_a_redirect()
    {
        await using OurServer server = await OurServer.StartAsync(publicOrigin: null);

        (_, string output, string errors) = await program.RunAsync(server.Address + "/moved", OurServer.Key, OurServer.Secret);

        Assert.Equal(["307"], Statuses(output + errors));
    }

    // Each line of output begins with one.
    private static IEnumerable<string> Statuses(string text) => Status().Matches(text).Select(match => match.Groups["status"].Value).Distinct();

    [GeneratedRegex("^(?<status>[1-5][0-9]{2})(?=[ :\n]|$)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Status();
}
