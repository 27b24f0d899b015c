using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Signing.Tool.Tests;

public sealed class RequestFieldsTests(SharedSite shared) : IClassFixture<SharedSite>, IDisposable
{
    private readonly Folder _folder = new();

    private Site Site => shared.Site;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_Host_field_takes_the_place_of_the_address_and_is_signed()
    {
        Run run = await RunAsync($"{Site.Address}/echo/", "-v", "-H", "host: api.example.com");

        Assert.Equal(0, run.ExitCode);
        Run refused = await Command.RunAsync(["request", $"{Site.Address}/echo/", "-H", "host: api.example.com"], Site.Customer.Key, "the secret of somebody else");
        Assert.Contains("are equal: the Secret differs", refused.Error, StringComparison.Ordinal);
        Assert.Equal(["> Host: api.example.com"], run.Error.Split('\n').Where(line => line.StartsWith("> Host:", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task The_command_names_itself_unless_it_is_named_otherwise()
    {
        Run own = await RunAsync($"{Site.Address}/echo/", "-v");
        Run other = await RunAsync($"{Site.Address}/echo/", "-v", "-H", "User-Agent: other");

        Assert.Contains("> User-Agent: signing/0.1.0\n", own.Error, StringComparison.Ordinal);
        Assert.Equal(["> User-Agent: other"], other.Error.Split('\n').Where(line => line.StartsWith("> User-Agent:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("order.JSON", "application/json")]
    [InlineData("order.txt", "application/octet-stream")]
    public async Task A_body_has_the_type_that_its_file_is_named_for(string name, string type)
    {
        Run run = await RunAsync($"{Site.Address}/echo/", "-d", _folder.Write(name, "{}"), "--json", "-v");

        Assert.StartsWith("> POST /echo/ HTTP/1.1\n", run.Error, StringComparison.Ordinal);
        Assert.Equal(type, run.Json.GetProperty("headers").GetProperty("content-type").GetString());
    }

    [Fact]
    public async Task An_answer_that_is_no_text_is_in_the_JSON_as_base64()
    {
        Run run = await RunAsync($"{Site.Address}/echo/", "-d", _folder.Write("bytes", [0xFF, 0]), "--json");

        Assert.Equal(JsonValueKind.Null, run.Json.GetProperty("body").ValueKind);
        Assert.Equal("/wA=", run.Json.GetProperty("body_base64").GetString());
    }

    [Fact]
    public async Task A_refusal_says_when_to_come_again_and_does_not_show_what_it_sets()
    {
        await using Site site = await Site.StartAsync(before: app => app.Use((HttpContext context, RequestDelegate _) =>
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.Headers.RetryAfter = "7";
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"ops\"";
            context.Response.Headers["Accept-Signature"] = "sig=(\"@method\")";
            context.Response.Headers.SetCookie = "id=canary";
            return Task.CompletedTask;
        }));

        Run run = await Command.RunAsync(["request", site.Address, "-v"], site.Customer.Key, site.Customer.Secret);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.EndsWith("signing: The server answered 400. Retry-After: 7\nAccept-Signature: sig=(\"@method\")\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("< WWW-Authenticate: Bearer realm=\"ops\"\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("< Accept-Signature: sig=(\"@method\")\n", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_authority_is_shown_as_it_is_sent()
    {
        using var six = new TcpListener(IPAddress.IPv6Loopback, 0);
        six.Start();
        string address = $"{six.LocalEndpoint}";
        six.Stop();

        Run plain = await RunAsync("https://127.0.0.1/", "-v", "--timeout", "5");
        Run bracketed = await RunAsync($"http://{address}/", "-v", "--timeout", "5");

        Assert.Contains("> Host: 127.0.0.1\n", plain.Error, StringComparison.Ordinal);
        Assert.Contains($"> Host: {address}\n", bracketed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_to_another_machine_is_tried_where_it_is_permitted()
    {
        Run run = await RunAsync("http://192.0.2.1/orders", "--allow-plain-http", "--timeout", "1");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.DoesNotContain("--allow-plain-http", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task A_file_without_a_secret_is_said_to_be_empty(string content)
    {
        Run run = await Command.RunAsync(["request", "https://h/", "-k", "key", "--secret-file", _folder.Write("secret", content)]);

        Assert.Equal((2, "signing: The file of --secret-file is empty.\n"), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData(0, "This is not an HTTP/1.1 request")]
    [InlineData(1, "is larger than 64 MiB.\n")]
    public async Task A_file_has_64_MiB_at_the_most(int more, string said)
    {
        using (FileStream large = File.Create(_folder["large"]))
        {
            large.SetLength((64 << 20) + more);
        }

        Run run = await Command.RunAsync(["sign", _folder["large"]]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    private Task<Run> RunAsync(params string[] arguments) => Command.RunAsync(["request", .. arguments], Site.Customer.Key, Site.Customer.Secret);
}
