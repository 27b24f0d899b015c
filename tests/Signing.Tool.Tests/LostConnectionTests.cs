using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

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
}
