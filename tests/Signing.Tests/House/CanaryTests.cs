using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.House;

/// <summary>Proves that the canary, which judges the log lines of the whole run when it ends, would see what it looks for.</summary>
public sealed class CanaryTests
{
    private static readonly CredentialFormat Format = new("acme");

    [Fact]
    public void It_knows_what_we_issue_by_its_form()
    {
        string[] issued =
        [
            Format.CreateSecret("live"),
            Format.CreateApiToken("test"),
            $"sgn_access_{new string('a', 80)}",
            $"sgn_refresh_{new string('Z', 80)}",
        ];

        Assert.All(issued, secret => Assert.DoesNotContain(secret[^20..], Assert.Single(Canary.Search([$"before {secret} after"], [])), StringComparison.Ordinal));
        Assert.Empty(Canary.Search([Format.CreateKey("live"), "refresh_token", "the access_token expired"], []));
    }

    [Fact]
    public void It_knows_what_it_was_told_of_and_shows_it_to_nobody()
    {
        string[] lines = ["nothing here", "password=hunter2-hunter2", "twice hunter2-hunter2 hunter2-hunter2"];

        Assert.Equal(["password=●●●", "twice ●●● ●●●"], Canary.Search(lines, ["hunter2-hunter2", "something else"]));
    }

    [Fact]
    public void It_sees_the_lines_of_every_host_and_of_every_recorded_log()
    {
        string line = $"a line of {Guid.NewGuid()}";
        using var book = new LogBook();

        book.CreateLogger("any").Log(LogLevel.Trace, default, line, null, static (text, _) => text);
        new RecordedLog<CanaryTests>().Log(LogLevel.Trace, default, line, null, static (text, _) => text);

        Assert.Equal(2, Canary.Count(line));
    }
}
