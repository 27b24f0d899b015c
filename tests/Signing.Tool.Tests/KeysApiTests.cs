using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Signing.Tool.Tests;

/// <summary>What the commands about keys send, and what they make of answers that the real admin API gives seldom or never.</summary>
public sealed class KeysApiTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private const string Made = """{"credential":{"id":"crd_1","key":"acme_key_1","kind":"keyPair"},"text":"made once"}""";
    private const string Row = """{"id":"crd_1","key":"acme_key_1"}""";

    private Site Site => shared.Site;

    [Theory]
    [InlineData("create --application app_1 --name n", Made, "POST /credentials", """{"applicationId":"app_1","kind":"keyPair","name":"n","neverExpires":false,"scopes":[]}""")]
    [InlineData("create --application app_1 --name n --kind APITOKEN --environment live --scope a --scope b --parent crd_2 --expires 1893456000", Made, "POST /credentials",
        """{"applicationId":"app_1","kind":"apiToken","name":"n","environment":"live","parentId":"crd_2","expires":"2030-01-01T00:00:00Z","neverExpires":false,"scopes":["a","b"]}""")]
    [InlineData("create --application app_1 --name n --never-expires", Made, "POST /credentials", """{"applicationId":"app_1","kind":"keyPair","name":"n","neverExpires":true,"scopes":[]}""")]
    [InlineData("rotate crd_1", Made, "POST /credentials/crd_1:rotate", "{}")]
    [InlineData("rotate crd_1 --overlap 31536000", Made, "POST /credentials/crd_1:rotate", """{"overlapSeconds":31536000}""")]
    [InlineData("renew crd_1 --never-expires", Row, "POST /credentials/crd_1:renew", """{"expires":null}""")]
    [InlineData("suspend crd_/1", Row, "POST /credentials/crd_%2F1:suspend", "{}")]
    [InlineData("revoke crd_1 --after 0 --reason r", Row, "POST /credentials/crd_1:revoke", """{"reason":"r","afterSeconds":0}""")]
    [InlineData("list --application a&b --workspace w --kind keypair --state EXPIRED --search t", """{"items":[]}""", "GET /credentials?application=a%26b&workspace=w&kind=keyPair&state=expired&q=t&limit=200", "")]
    public async Task Every_option_reaches_the_admin_API(string arguments, string answer, string start, string body)
    {
        var asked = new List<string>();
        await using Site site = await AnsweringAsync(asked, _ => answer);

        Run run = await RobotAsync(site, arguments.Split(' '));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal([$"{start.Replace(" /", " /signing/api/v1/", StringComparison.Ordinal)}\n{body}"], asked);
    }

    [Fact]
    public async Task All_pages_of_a_list_are_read()
    {
        var asked = new List<string>();
        await using Site site = await AnsweringAsync(asked, target => target.Contains("after=", StringComparison.Ordinal)
            ? """{"items":[{"id":"crd_2","expires":"soon"}],"next":null}"""
            : """{"items":[{"id":"crd_1","name":"2030-01-01T00:00:00+02:00"}],"next":"a&b"}""");

        Run run = await RobotAsync(site, "list", "--state", "active");

        Assert.Equal((0, "2 credentials\n"), (run.ExitCode, run.Error));
        Assert.StartsWith("ID     KEY  KIND  NAME                       STATE  ENVIRONMENT  APPLICATION  EXPIRES\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(["crd_1  -    -     2030-01-01T00:00:00+02:00  -      -            -            -", "crd_2  -    -     -                          -      -            -            soon"], run.Output.TrimEnd().Split('\n')[1..]);
        Assert.Equal(["GET /signing/api/v1/credentials?state=active&limit=200\n", "GET /signing/api/v1/credentials?state=active&limit=200&after=a%26b\n"], asked);
    }

    [Fact]
    public async Task A_change_shows_the_credential_as_it_is_now_in_a_table()
    {
        await using Site site = await AnsweringAsync([], _ => Row);

        Run run = await RobotAsync(site, "suspend", "crd_1");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(["ID", "crd_1"], run.Output.TrimEnd().Split('\n').Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task What_the_admin_API_tells_is_in_the_JSON_as_it_is()
    {
        await using Site site = await AnsweringAsync([], _ => """{"items":[{"id":"crd_1","more":{"a":[1]}}]}""");

        Run run = await RobotAsync(site, "list", "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("""{"items":[{"id":"crd_1","more":{"a":[1]}}]}""", string.Concat(run.Output.Where(character => !char.IsWhiteSpace(character))));
    }

    [Theory]
    [InlineData("list", "[]")]
    [InlineData("list", """{"items":{}}""")]
    [InlineData("list", "<html></html>")]
    [InlineData("rotate crd_1", """{"credential":7,"text":"made once"}""")]
    [InlineData("rotate crd_1", """{"credential":{"id":"crd_1"},"text":""}""")]
    [InlineData("suspend crd_1", """{"id":7}""")]
    public async Task What_has_not_the_form_of_an_answer_is_not_the_admin_API(string arguments, string answer)
    {
        await using Site site = await AnsweringAsync([], _ => answer);

        Run run = await RobotAsync(site, arguments.Split(' '));

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("signing: What answers at this address is not the admin API", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"secrets":7}""", "")]
    [InlineData("""{"secrets":[{"retiresAt":"2030-01-01T00:00:00Z","isDestroyed":true},{"retiresAt":null,"isDestroyed":false}]}""", "")]
    [InlineData("""{"secrets":[{"retiresAt":"2030-01-01T00:00:00Z","isDestroyed":false}]}""", "The former Secret is accepted until 2030-01-01T00:00:00Z.\n")]
    public async Task A_former_secret_is_told_of_where_there_is_one(string credential, string told)
    {
        await using Site site = await AnsweringAsync([], _ => $$"""{"credential":{{credential}},"text":"made once"}""");

        Run run = await RobotAsync(site, "rotate", "crd_1");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith($"{told}The Secret is shown this once", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Key_in_the_command_calls_and_not_a_token_in_the_environment()
    {
        Run run = await Command.RunAsync(
            ["keys", "list", "--server", Site.Server, "--key", Site.Robot.Key], null, ("SIGNING_SECRET", Site.Robot.Secret), ("SIGNING_TOKEN", "a token that nobody has made".Replace(' ', '_')));

        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [Fact]
    public async Task A_part_of_a_Key_changes_nothing()
    {
        Run run = await RobotAsync(Site, "suspend", Site.Customer.Key[..^1]);

        Assert.Equal((1, "signing: There is no credential with this id or Key that you may see.\n"), (run.ExitCode, run.Error));
        Assert.Equal(0, (await Command.RunAsync(["request", $"{Site.Address}/echo/"], Site.Customer.Key, Site.Customer.Secret)).ExitCode);
    }

    [Fact]
    public async Task An_id_that_is_none_is_not_taken_for_another_address()
    {
        Run run = await RobotAsync(Site, "suspend", "crd_nobody");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("signing: The server answered 404", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("MapSigningManagement", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acme\nX-Other: 1")]
    [InlineData("acme token")]
    public async Task A_token_that_cannot_be_one_is_not_sent(string token)
    {
        Run run = await Command.RunAsync(["keys", "list", "--server", Site.Server], null, ("SIGNING_TOKEN", token));

        Assert.Equal((2, "signing: The token holds a space, a line end or another character that no token has.\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task What_was_not_sent_is_not_said_to_be_unknown()
    {
        Run plain = await Command.RunAsync(["keys", "rotate", "crd_1", "--server", "http://192.0.2.1/signing"], Site.Robot.Key, Site.Robot.Secret);
        Run overlap = await RobotAsync(Site, "rotate", "crd_1", "--overlap", "31536001");

        Assert.Equal((2, 2), (plain.ExitCode, overlap.ExitCode));
        Assert.DoesNotContain("is not known", plain.Error, StringComparison.Ordinal);
        Assert.Equal("signing: --overlap wants whole seconds from 0 to 31536000.\n", overlap.Error);
    }

    private static Task<Site> AnsweringAsync(List<string> asked, Func<string, string> answer) => Site.StartAsync(before: app => app.Use(async (HttpContext context, RequestDelegate _) =>
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        asked.Add($"{context.Request.Method} {target}\n{await reader.ReadToEndAsync(context.RequestAborted)}");
        await context.Response.WriteAsync(answer(target), context.RequestAborted);
    }));

    private static Task<Run> RobotAsync(Site site, params string[] arguments) =>
        Command.RunAsync(["keys", arguments[0], "--server", site.Server, .. arguments[1..]], site.Robot.Key, site.Robot.Secret);
}
