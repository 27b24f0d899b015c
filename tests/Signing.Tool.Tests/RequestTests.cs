using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Signing.Tool.Tests;

public sealed class RequestTests(SharedSite shared) : IClassFixture<SharedSite>, IDisposable
{
    private readonly Folder _folder = new();

    private Site Site => shared.Site;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_answer_is_on_the_output_and_nothing_else_is_anywhere()
    {
        Run run = await RunAsync($"{Site.Address}/echo/orders?b=2&a=%2f");

        Assert.Equal((0, "GET /echo/orders", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task A_body_is_sent_from_a_file_byte_for_byte()
    {
        byte[] body = [.. Enumerable.Range(0, 256).Select(i => (byte)i), .. "\r\n"u8];

        Run run = await RunAsync($"{Site.Address}/echo/", "-d", _folder.Write("body.bin", body));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(body, run.OutputBytes);
    }

    [Fact]
    public async Task A_body_is_sent_from_the_standard_input()
    {
        Run run = await Command.RunAsync(
            ["request", $"{Site.Address}/echo/", "-X", "PUT", "-d", "-", "-H", "Content-Type: application/json", "--json"], Site.Customer.Key, Site.Customer.Secret, """{"item":"tea"}"""u8.ToArray());

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(200, run.Json.GetProperty("status").GetInt32());
        Assert.Equal("""{"item":"tea"}""", run.Json.GetProperty("body").GetString());
        Assert.Equal("application/json", run.Json.GetProperty("headers").GetProperty("content-type").GetString());
        Assert.Equal(Site.Customer.Key, run.Json.GetProperty("headers").GetProperty("x-user").GetString());
        Assert.Equal(["status", "headers", "body", "body_base64", "code", "differences"], run.Json.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("""{"error":"invalid_request","error_description":"The content must be application/json."}""", "400: The content must be application/json. (invalid_request)\n")]
    [InlineData("{}", "400.\n")]
    public async Task The_refusal_of_a_token_endpoint_is_said_in_its_words(string body, string said)
    {
        await using Site site = await Site.StartAsync(before: app => app.Use((HttpContext context, RequestDelegate _) =>
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsync(body, context.RequestAborted);
        }));

        Run run = await Command.RunAsync(["request", site.Address], site.Customer.Key, site.Customer.Secret);

        Assert.Equal((1, "signing: The server answered " + said), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task What_a_refusal_asks_for_stands_beside_it()
    {
        Run run = await RunAsync($"{Site.Address}/echo/", "--cover", "@path");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("(insufficient_coverage)\nAccept-Signature: sig=(\"@method\" \"@authority\" \"@path\" \"@query\")", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_exchange_is_shown_on_the_error_output_without_tokens()
    {
        string fields = _folder.Write("fields.txt", "X-Api-Key: canary-of-a-gateway\nX-List: a,b\n");

        Run run = await RunAsync($"{Site.Address}/echo/", "-v", "-H", $"@{fields}", "--cover", "@method", "--cover", "@authority", "--cover", "@path", "--cover", "@query", "--cover", "x-list");

        Assert.Equal((0, "GET /echo/"), (run.ExitCode, run.Output));
        Assert.Contains("> GET /echo/ HTTP/1.1\n> Host: 127.0.0.1:", run.Error, StringComparison.Ordinal);
        Assert.Contains("> X-List: a,b\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("> X-Api-Key: (19 characters, not shown)\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("\"x-list\"", run.Error, StringComparison.Ordinal);
        Assert.Contains("> Signature: sig=:", run.Error, StringComparison.Ordinal);
        Assert.Contains("< HTTP/1.1 200 OK\n", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", run.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("")]
    public async Task The_secret_comes_from_a_file_whatever_its_line_end(string end)
    {
        string file = _folder.Write("secret", Site.Customer.Secret + end);

        Run run = await Command.RunAsync(["request", $"{Site.Address}/echo/", "-k", Site.Customer.Key, "--secret-file", file]);

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain(Site.Customer.Secret, run.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_comes_from_the_variable_that_is_named()
    {
        Run run = await Command.RunAsync(
            ["request", $"{Site.Address}/echo/", "-k", Site.Customer.Key, "--secret-env", "OTHER_SECRET"], null, ("OTHER_SECRET", Site.Customer.Secret), ("SIGNING_SECRET", "the secret of nobody at all"));

        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task A_refusal_is_said_with_its_code_and_what_differs()
    {
        Run run = await Command.RunAsync(["request", $"{Site.Address}/echo/"], Site.Customer.Key, "the secret of somebody else");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("\"invalid_credential\"", run.Output, StringComparison.Ordinal);
        Assert.Contains("The server answered 401:", run.Error, StringComparison.Ordinal);
        Assert.Contains("are equal: the Secret differs", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_component_that_a_proxy_changed_is_named()
    {
        await using Site site = await Site.StartAsync(before: Site.Proxy(host: "10.0.0.5:8080"));

        Run run = await Command.RunAsync(["request", $"{site.Address}/echo/"], site.Customer.Key, site.Customer.Secret);
        Run json = await Command.RunAsync(["request", $"{site.Address}/echo/", "--json"], site.Customer.Key, site.Customer.Secret);

        Assert.Equal((1, 1), (run.ExitCode, json.ExitCode));
        Assert.Contains("\"@authority\" was signed as 127.0.0.1:", run.Error, StringComparison.Ordinal);
        Assert.Equal("invalid_credential", json.Json.GetProperty("code").GetString());
        Assert.Equal("authority_rewritten", json.Json.GetProperty("differences")[0].GetProperty("cause").GetString());
    }

    [Fact]
    public async Task What_a_server_calls_its_signature_base_and_is_none_does_not_hide_its_answer()
    {
        await using Site site = await Site.StartAsync(before: app => app.Use((HttpContext context, RequestDelegate _) =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return context.Response.WriteAsync("""{"code":"odd","signature_base":"no base"}""", context.RequestAborted);
        }));

        Run run = await Command.RunAsync(["request", site.Address], site.Customer.Key, site.Customer.Secret);

        Assert.Equal((1, """{"code":"odd","signature_base":"no base"}""", "signing: The server answered 401: (odd)\n"), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task A_server_that_speaks_no_TLS_is_said_so()
    {
        Run run = await RunAsync(Site.Address.Replace("http:", "https:", StringComparison.Ordinal));

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("signing: There is no secure connection: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("inner exception", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_so()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        EndPoint address = closed.LocalEndpoint;
        closed.Stop();

        Run run = await RunAsync($"http://{address}/");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Equal($"signing: Connection refused ({address})\n", run.Error);
    }

    [Fact]
    public async Task Plain_http_to_another_machine_is_refused_with_the_remedy()
    {
        Run run = await RunAsync("http://192.0.2.1/orders");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("--allow-plain-http", run.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_does_not_answer_is_not_waited_for_longer_than_was_said()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        Run run = await RunAsync($"http://{silent.LocalEndpoint}/", "--timeout", "1");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("did not answer within 1 s;", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_shown_and_not_followed()
    {
        await using Site site = await Site.StartAsync(before: app => app.Use((HttpContext context, RequestDelegate _) =>
        {
            context.Response.Redirect("http://192.0.2.1/elsewhere");
            return Task.CompletedTask;
        }));

        Run run = await Command.RunAsync(["request", $"{site.Address}/echo/", "-v"], site.Customer.Key, site.Customer.Secret);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("< HTTP/1.1 302", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("signing: The server redirects to http://192.0.2.1/elsewhere (302); a signature holds for one address, so call that one.\n", run.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reader_that_leaves_early_is_no_error()
    {
        byte[] body = new byte[8 << 20];
        string file = _folder.Write("large.bin", body);
        using Process process = Command.Start(["request", $"{Site.Address}/echo/", "-d", file], ("SIGNING_KEY", Site.Customer.Key), ("SIGNING_SECRET", Site.Customer.Secret));
        Task<string> error = process.StandardError.ReadToEndAsync(Command.Cancelled);

        await process.StandardOutput.BaseStream.ReadExactlyAsync(new byte[1], Command.Cancelled);
        process.StandardOutput.Close();
        await process.WaitForExitAsync(Command.Cancelled);

        Assert.Equal((0, ""), (process.ExitCode, await error));
    }

    private Task<Run> RunAsync(params string[] arguments) => Command.RunAsync(["request", .. arguments], Site.Customer.Key, Site.Customer.Secret, Encoding.UTF8.GetBytes(""));
}
