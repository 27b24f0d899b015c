using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Signing.Tool.Tests;

/// <summary>What stops the command, and what its shell is told.</summary>
public sealed class StopTests : IDisposable
{
    private static readonly (string, string)[] Pair = [("SIGNING_KEY", "key"), ("SIGNING_SECRET", "the secret of nobody at all")];

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("INT", 130, "request")]
    [InlineData("TERM", 143, "request")]
    [InlineData("TERM", 143, "keys", "revoke", "crd_1", "--server")]
    public async Task A_signal_ends_a_call_that_is_under_way(string signal, int exitCode, params string[] command)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using Process process = Command.Start([.. command, $"http://{silent.LocalEndpoint}/"], Pair);
        using Socket connection = await silent.AcceptSocketAsync(Command.Cancelled);
        await connection.ReceiveAsync(new byte[1], Command.Cancelled);

        await SendAsync(signal, process);

        await process.WaitForExitAsync(Command.Cancelled);
        Assert.Equal(exitCode, process.ExitCode);
        Assert.Empty(await process.StandardOutput.ReadToEndAsync(Command.Cancelled));
        string error = await process.StandardError.ReadToEndAsync(Command.Cancelled);
        Assert.Equal(command[0] == "keys" ? "signing: Stopped before the answer came. Whether the server has made the change is not known: signing keys list shows it.\n" : "", error);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_signal_ends_an_answer_that_nobody_reads()
    {
        string file = _folder.Write("large.http", $"POST / HTTP/1.1\nHost: h\n\n{new string('a', 1 << 20)}");
        using Process process = Command.Start(["sign", file], Pair);
        await process.StandardOutput.BaseStream.ReadExactlyAsync(new byte[1], Command.Cancelled);

        await SendAsync("TERM", process);

        await process.WaitForExitAsync(Command.Cancelled);
        Assert.Equal(143, process.ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_standard_input_that_is_closed_is_not_waited_for()
    {
        using Process process = Command.Start("sh", ["-c", $"exec dotnet '{Command.Program}' sign - <&-"], Pair);
        try
        {
            string error = await process.StandardError.ReadToEndAsync(Command.Cancelled);
            await process.WaitForExitAsync(Command.Cancelled);

            Assert.Equal((2, "signing: The standard input is closed, and - says that it is to be read.\n"), (process.ExitCode, error));
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task SendAsync(string signal, Process process)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(Command.Cancelled);
    }
}
