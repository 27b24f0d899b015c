using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signing.Tool.Tests;

public sealed class LostConnectionTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("request", "-X", "GET")]
    [InlineData("request", "-X", "DELETE")]
    [InlineData("doctor")]
    [InlineData("keys", "list", "--server")]
    public async Task A_request_that_may_have_been_executed_is_not_sent_again(params string[] command)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using Process process = Command.Start([.. command, $"http://{server.LocalEndpoint}/", "--timeout", "5"], ("SIGNING_KEY", "key"), ("SIGNING_SECRET", "the secret of nobody at all"));

        using (Socket connection = await server.AcceptSocketAsync(Command.Cancelled))
        {
            Assert.NotEqual(0, await connection.ReceiveAsync(new byte[16384], Command.Cancelled));
        }

        string error = await process.StandardError.ReadToEndAsync(Command.Cancelled);
        await process.WaitForExitAsync(Command.Cancelled);
        Assert.Equal((1, "signing: 127.0.0.1 ended the connection before it answered.\n"), (process.ExitCode, error));
        while (server.Pending())
        {
            using Socket another = await server.AcceptSocketAsync(Command.Cancelled);
            Assert.Equal(0, await another.ReceiveAsync(new byte[16384], Command.Cancelled));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_request_for_another_page_is_not_sent_again_either()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using Process process = Command.Start(
            ["keys", "list", "--server", $"http://{server.LocalEndpoint}/", "--timeout", "5"], ("SIGNING_KEY", "key"), ("SIGNING_SECRET", "the secret of nobody at all"));
        Task<int> pages = CountAsync(server);

        string error = await process.StandardError.ReadToEndAsync(Command.Cancelled);
        await process.WaitForExitAsync(Command.Cancelled);
        server.Stop();

        Assert.Equal((1, "signing: 127.0.0.1 ended the connection before it answered.\n"), (process.ExitCode, error));
        Assert.Equal(2, await pages);

        static async Task<int> CountAsync(TcpListener server)
        {
            byte[] buffer = new byte[16384];
            int pages = 0;
            try
            {
                while (true)
                {
                    using Socket connection = await server.AcceptSocketAsync(Command.Cancelled);
                    while (await connection.ReceiveAsync(buffer, Command.Cancelled) > 0 && ++pages == 1)
                    {
                        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n{\"items\":[],\"next\":\"more\"}"u8.ToArray(), Command.Cancelled);
                    }
                }
            }
            catch (SocketException)
            {
                // The listener was stopped.
                return pages;
            }
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("220 mail.example ready\r\n", "^signing: Received an invalid status line: '220 mail.example ready'")]
    [InlineData("", "^signing: An error occurred while sending the request\\. \\(.*reset by peer")]
    public async Task An_answer_that_is_not_HTTP_is_said_so(string answer, string said)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using Process process = Command.Start(["request", $"http://{server.LocalEndpoint}/"], ("SIGNING_KEY", "key"), ("SIGNING_SECRET", "the secret of nobody at all"));

        using (Socket connection = await server.AcceptSocketAsync(Command.Cancelled))
        {
            Assert.NotEqual(0, await connection.ReceiveAsync(new byte[16384], Command.Cancelled));
            await connection.SendAsync(Encoding.ASCII.GetBytes(answer), Command.Cancelled);
            connection.LingerState = new LingerOption(enable: answer.Length == 0, seconds: 0);
        }

        string error = await process.StandardError.ReadToEndAsync(Command.Cancelled);
        await process.WaitForExitAsync(Command.Cancelled);
        Assert.Equal(1, process.ExitCode);
        Assert.Matches(said, Assert.Single(error.TrimEnd().Split('\n')));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("http", "200 OK", 0, "")]
    [InlineData("https", "502 Bad Gateway", 1, "^signing: The proxy tunnel request to proxy '[^']*' failed with status code '502'")]
    public async Task A_request_that_a_proxy_refuses_with_the_end_of_the_connection_is_sent_with_the_credentials_for_it(string scheme, string answer, int exitCode, string said)
    {
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        using Process process = Command.Start(
            ["request", $"{scheme}://proxied.example/", "--allow-plain-http"], ("SIGNING_KEY", "key"), ("SIGNING_SECRET", "the secret of nobody at all"), ($"{scheme}_proxy", $"http://me:mine@{proxy.LocalEndpoint}"));

        string first = await AnswerAsync("407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"way out\"");
        string second = await AnswerAsync(answer);

        string error = await process.StandardError.ReadToEndAsync(Command.Cancelled);
        await process.WaitForExitAsync(Command.Cancelled);
        Assert.DoesNotContain("Proxy-Authorization: ", first, StringComparison.Ordinal);
        Assert.Contains("Proxy-Authorization: Basic bWU6bWluZQ==\r\n", second, StringComparison.Ordinal);
        Assert.Equal(exitCode, process.ExitCode);
        Assert.Matches(said, error);

        async Task<string> AnswerAsync(string status)
        {
            using Socket connection = await proxy.AcceptSocketAsync(Command.Cancelled);
            byte[] request = new byte[16384];
            int length = await connection.ReceiveAsync(request, Command.Cancelled);
            await connection.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), Command.Cancelled);
            return Encoding.ASCII.GetString(request, 0, length);
        }
    }
}
