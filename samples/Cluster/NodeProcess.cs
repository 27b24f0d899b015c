using System.Diagnostics;

namespace Cluster;

/// <summary>A node as a process of its own.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    /// <summary>What a node says when it answers, before its address.</summary>
    public const string Ready = "Node on ";

    private readonly Process _process;
    private readonly Task _errors;

    private NodeProcess(Process process, Uri address)
    {
        (_process, Address) = (process, address);

        // A ready node says nothing but errors, should there be any.
        _errors = process.StandardOutput.BaseStream.CopyToAsync(Console.OpenStandardError(), CancellationToken.None);
    }

    public Uri Address { get; }

    public int Id => _process.Id;

    /// <summary>Starts a node, and waits until it answers.</summary>
    /// <param name="program">This program's file, <c>Cluster.dll</c>.</param>
    /// <param name="settings">The node's configuration; passed as environment, because arguments can be read by everybody on the machine.</param>
    /// <param name="cancellationToken">Ends the wait, and the node.</param>
    /// <exception cref="InvalidOperationException">The node has ended instead; the message is what it said.</exception>
    public static async Task<NodeProcess> StartAsync(string program, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [program, "node", "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = Path.GetDirectoryName(program),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["StopWithInput"] = "true";
        foreach ((string name, string value) in settings)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        List<string> said = [];
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith(Ready, StringComparison.Ordinal))
                {
                    return new NodeProcess(process, new Uri(line[Ready.Length..]));
                }

                said.Add(line);
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await EndAsync(process);
            throw;
        }

        await EndAsync(process);
        throw new InvalidOperationException("A node did not start. " + string.Join('\n', said));
    }

    /// <summary>Ends the node as a power cut does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Ends the node as a deployment does: it answers what it has begun.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _errors;
        await EndAsync(_process);
    }

    private static async Task EndAsync(Process process)
    {
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }
}
