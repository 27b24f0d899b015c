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
}
