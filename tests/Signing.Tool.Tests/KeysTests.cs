using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Signing.Tool.Tests;

public sealed class KeysTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private Site Site => shared.Site;

    [Fact]
    public async Task A_key_lives_from_its_creation_to_its_revocation()
    {
        Run created = await RobotAsync("create", "--application", Site.Application, "--name", "night batch", "--scope", "read", "--json");
        Assert.True(created.ExitCode == 0, created.ToString());
        JsonElement row = created.Json.GetProperty("credential");
        (string id, string key, string secret) = (row.GetProperty("id").GetString()!, row.GetProperty("key").GetString()!, created.Json.GetProperty("secret").GetString()!);
        Assert.Equal(["credential", "secret"], created.Json.EnumerateObject().Select(member => member.Name));
        Assert.Contains("is shown this once", created.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, created.Error, StringComparison.Ordinal);
        Assert.Equal(200, await CallAsync(key, secret));

        Run listed = await RobotAsync("list", "--search", "night batch");
        Assert.Equal(0, listed.ExitCode);
        Assert.Contains(key, listed.Output, StringComparison.Ordinal);
        Assert.Contains("active", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, listed.ToString(), StringComparison.Ordinal);
        Assert.Equal("1 credential\n", listed.Error);

        Run rotated = await RobotAsync("rotate", key, "--overlap", "0", "--json");
        string second = rotated.Json.GetProperty("secret").GetString()!;
        Assert.NotEqual(secret, second);
        Assert.Equal((401, 200), (await CallAsync(key, secret), await CallAsync(key, second)));

        Assert.Contains("suspended", (await RobotAsync("suspend", id)).Output, StringComparison.Ordinal);
        Assert.Equal(401, await CallAsync(key, second));
        Assert.Equal("active", (await RobotAsync("resume", id, "--json")).Json.GetProperty("credential").GetProperty("state").GetString());
        Assert.Equal(200, await CallAsync(key, second));

        Assert.StartsWith("2030-03-31T00:00:00", (await RobotAsync("renew", id, "--expires", "2030-03-31T02:00:00+02:00", "--json")).Json.GetProperty("credential").GetProperty("expires").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await RobotAsync("renew", id, "--never-expires", "--json")).Json.GetProperty("credential").GetProperty("expires").ValueKind);

        Run revoked = await RobotAsync("revoke", key, "--reason", "laptop lost", "--json");
        Assert.Equal(("revoked", "laptop lost"), (revoked.Json.GetProperty("credential").GetProperty("state").GetString(), revoked.Json.GetProperty("credential").GetProperty("revokedFor").GetString()));
        Assert.Equal(401, await CallAsync(key, second));
        Run again = await RobotAsync("resume", id);
        Assert.Equal((1, ""), (again.ExitCode, again.Output));
        Assert.StartsWith("signing: The server answered 409", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_on_the_output_once_and_the_advice_is_not()
    {
        Run pair = await RobotAsync("create", "--application", Site.Application, "--name", "for people");
        Run token = await RobotAsync("create", "--application", Site.Application, "--name", "a token for people", "--kind", "apiToken", "--expires", "2030-01-01T00:00:00Z");

        string[] lines = pair.Output.TrimEnd().Split('\n');
        Assert.Equal(["id", "key", "secret"], lines.Select(line => line.Split(' ')[0]));
        Assert.Contains("_secret_", lines[2], StringComparison.Ordinal);
        Assert.Equal(["id", "token"], token.Output.TrimEnd().Split('\n').Select(line => line.Split(' ')[0]));
        Assert.StartsWith("The Secret is shown this once", pair.Error, StringComparison.Ordinal);
        Assert.StartsWith("The token is shown this once", token.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotation_says_until_when_the_former_secret_is_accepted()
    {
        Run created = await RobotAsync("create", "--application", Site.Application, "--name", "turned", "--expires", "2030-01-01T00:00:00Z", "--json");
        string id = created.Json.GetProperty("credential").GetProperty("id").GetString()!;

        Run rotated = await RobotAsync("rotate", id, "--overlap", "3600");

        Assert.Matches("^The former Secret is accepted until [0-9-]{10}T[0-9:]{8}Z\\.\n", rotated.Error);
        Assert.DoesNotContain("former", created.Error, StringComparison.Ordinal);
        Assert.Contains("  2030-01-01T00:00:00Z\n", (await RobotAsync("list", "--search", id)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ApiToken_manages_too()
    {
        Run run = await Command.RunAsync(["keys", "list", "--server", Site.Server, "--json", "-v"], null, ("SIGNING_TOKEN", Site.Token));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["items"], run.Json.EnumerateObject().Select(member => member.Name));
        Assert.Contains("> Authorization: (", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_exchange_of_a_creation_does_not_show_the_secret()
    {
        Run run = await RobotAsync("create", "--application", Site.Application, "--name", "shown", "-v", "--json");

        Assert.DoesNotContain(run.Json.GetProperty("secret").GetString()!, run.Error, StringComparison.Ordinal);
        Assert.Contains("< HTTP/1.1 201 Created", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credential_that_may_not_manage_is_told_what_it_lacks()
    {
        Run run = await Command.RunAsync(["keys", "list", "--server", Site.Server], Site.Customer.Key, Site.Customer.Secret);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("scope signing.manage", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong secret")]
    [InlineData("wrong token")]
    public async Task A_credential_that_is_none_is_refused(string kind)
    {
        Run run = kind == "wrong secret"
            ? await Command.RunAsync(["keys", "list", "--server", Site.Server], Site.Robot.Key, "the secret of somebody else")
            : await Command.RunAsync(["keys", "list", "--server", Site.Server], null, ("SIGNING_TOKEN", Site.Token[..^1] + (Site.Token[^1] == 'a' ? 'b' : 'a')));

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("signing: The server answered 401", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_in_what_is_asked_are_said_in_one_sentence()
    {
        Run name = await RobotAsync("create", "--application", Site.Application, "--name", "robot");
        Run kind = await RobotAsync("create", "--application", Site.Application, "--name", "other", "--kind", "sword");
        Run nobody = await RobotAsync("suspend", "acme_key_live_nobody");
        Run both = await RobotAsync("renew", "crd_x", "--never-expires", "--expires", "2030-01-01T00:00:00Z");
        Run neither = await RobotAsync("renew", "crd_x");
        Run state = await RobotAsync("list", "--state", "asleep");

        Assert.Equal((1, 2, 1, 2, 2), (name.ExitCode, kind.ExitCode, nobody.ExitCode, both.ExitCode, neither.ExitCode));
        Assert.StartsWith("signing: The server answered 409", name.Error, StringComparison.Ordinal);
        Assert.Equal("signing: --kind is one of keyPair, apiToken.\n", kind.Error);
        Assert.Equal((2, "signing: --state is one of scheduled, active, rotating, expiringSoon, expired, suspended, revoked.\n"), (state.ExitCode, state.Error));
        Assert.Contains("no credential with this id or Key", nobody.Error, StringComparison.Ordinal);
        Assert.All(new[] { name, kind, nobody, both, neither, state }, run => Assert.Empty(run.Output));
    }

    [Fact]
    public async Task A_server_that_is_not_the_admin_API_is_said_so()
    {
        Run page = await Command.RunAsync(["keys", "list", "--server", $"{Site.Address}/nothing"], Site.Robot.Key, Site.Robot.Secret);

        Assert.Equal((1, ""), (page.ExitCode, page.Output));
        Assert.Contains("--server is the address of MapSigningManagement", page.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("create", "--application", "app_1", "--name", "x")]
    [InlineData("rotate", "crd_x")]
    [InlineData("suspend", "crd_x")]
    public async Task An_answer_that_the_admin_API_does_not_give_is_no_credential(string command, params string[] arguments)
    {
        await using Site site = await Site.StartAsync(before: app => app.Use((HttpContext context, RequestDelegate _) => context.Response.WriteAsync("{}", context.RequestAborted)));

        Run run = await Command.RunAsync(["keys", command, "--server", site.Server, .. arguments], site.Robot.Key, site.Robot.Secret);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("signing: What answers at this address is not the admin API", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keyPair", "", "the Secret: signing keys rotate crd_")]
    [InlineData("keyPair", " --json", "the Secret: signing keys rotate crd_")]
    [InlineData("apiToken", "", "the token: end it by signing keys revoke crd_")]
    public async Task A_secret_that_a_full_disk_swallows_is_said_to_be_seen_by_nobody(string kind, string json, string told)
    {
        string name = $"swallowed {kind}{json}";

        using Process process = Command.Start(
            "sh", ["-c", $"exec dotnet '{Command.Program}' keys create --server {Site.Server} --application {Site.Application} --kind {kind} --name '{name}'{json} >/dev/full"],
            [("SIGNING_KEY", Site.Robot.Key), ("SIGNING_SECRET", Site.Robot.Secret)]);
        string error = await process.StandardError.ReadToEndAsync(Command.Cancelled);
        await process.WaitForExitAsync(Command.Cancelled);

        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith($"signing: The answer cannot be written: No space left on device. The server has made the change, and nobody has seen {told}", error, StringComparison.Ordinal);
        string id = Regex.Match(error, "crd_[A-Za-z0-9]+").Value;
        Assert.Contains(name, (await RobotAsync("list", "--search", id)).Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("lost", "rotate", 1, true)]
    [InlineData("lost", "list", 1, false)]
    [InlineData("late", "suspend", 1, true)]
    [InlineData("late", "list", 1, false)]
    [InlineData("stopped", "revoke", 130, true)]
    [InlineData("stopped", "list", 130, false)]
    [InlineData("nobody there", "rotate", 1, false)]
    public async Task A_change_whose_answer_did_not_come_may_have_been_made(string answer, string command, int exitCode, bool isUnknown)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        string[] arguments = ["keys", command, "--server", $"http://{server.LocalEndpoint}/signing", "--timeout", answer == "late" ? "1" : "60", .. command == "list" ? (string[])[] : ["crd_x"]];
        if (answer == "nobody there")
        {
            server.Stop();
        }

        using Process process = Command.Start(arguments, ("SIGNING_KEY", Site.Robot.Key), ("SIGNING_SECRET", Site.Robot.Secret));
        if (answer is "lost" or "stopped")
        {
            using Socket connection = await server.AcceptSocketAsync(Command.Cancelled);
            int read = await connection.ReceiveAsync(new byte[16384], Command.Cancelled);
            Assert.NotEqual(0, read);
            if (answer == "stopped")
            {
                using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
                await kill.WaitForExitAsync(Command.Cancelled);
                await process.WaitForExitAsync(Command.Cancelled);
            }
        }

        string error = await process.StandardError.ReadToEndAsync(Command.Cancelled);
        await process.WaitForExitAsync(Command.Cancelled);
        Assert.Equal(exitCode, process.ExitCode);
        Assert.Equal(isUnknown, error.EndsWith("Whether the server has made the change is not known: signing keys list shows it.\n", StringComparison.Ordinal));
        Assert.Equal(answer == "stopped" && !isUnknown, error.Length == 0);
    }

    [Fact]
    public async Task A_token_is_not_sent_over_plain_http_to_another_machine()
    {
        Run run = await Command.RunAsync(["keys", "list", "--server", "http://192.0.2.1/signing"], null, ("SIGNING_TOKEN", Site.Token));

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("over http:// everybody on the way reads them", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_with_control_characters_is_only_shown()
    {
        await RobotAsync("create", "--application", Site.Application, "--name", "\u202eturned");

        Run run = await RobotAsync("list", "--search", "turned");

        Assert.Contains("\\u202eturned", run.Output, StringComparison.Ordinal);
    }

    private Task<Run> RobotAsync(params string[] arguments) =>
        Command.RunAsync(["keys", arguments[0], "--server", Site.Server, .. arguments[1..]], Site.Robot.Key, Site.Robot.Secret);

    private async Task<int> CallAsync(string key, string secret)
    {
        Run run = await Command.RunAsync(["request", $"{Site.Address}/echo/", "--json"], key, secret);
        return run.Json.GetProperty("status").GetInt32();
    }
}
