using System.Net;
using System.Net.Sockets;

namespace Signing.PostgreSql.Tests.Support;

/// <summary>Stands between a node and its database, and does to their connections what networks do.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly SemaphoreSlim _held = new(0);
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _sockets = [];
    private readonly List<Task> _running = [];
    private readonly int _server;
    private RelayFault _fault;
    private TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Relay(int server)
    {
        _server = server;
        _listener.Start();
        _running.Add(AcceptAsync());
    }

    public string ConnectionString => PostgreSqlServer.ConnectionStringOf(((IPEndPoint)_listener.LocalEndpoint).Port);

    /// <summary>Gets or sets what goes wrong. What was held is carried on when that ends, whatever goes wrong next.</summary>
    public RelayFault Fault
    {
        get
        {
            lock (_gate)
            {
                return _fault;
            }
        }

        set
        {
            lock (_gate)
            {
                _fault = value;
                _isOver.SetResult();
                _isOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Cuts every connection, wherever it is.</summary>
    public void CutAll()
    {
        lock (_gate)
        {
            foreach (Socket socket in _sockets)
            {
                Cut(socket);
            }
        }
    }

    /// <summary>Waits until so many connections are held up.</summary>
    public async Task WaitForHeldAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await _held.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        CutAll();
        await Task.WhenAll(_running);
        _listener.Dispose();
        _stopped.Dispose();
        _held.Dispose();
    }

    private static void Cut(Socket socket)
    {
        // With a reset, as a firewall or a machine that is gone does.
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    private async Task AcceptAsync()
    {
        List<Task> carried = [];
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_stopped.Token);
                carried.Add(CarryAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(carried);
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using (client)
        {
            using Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                if (IsHeld(RelayFault.HoldsRequests, out Task isOver) || IsHeld(RelayFault.HoldsAnswers, out isOver))
                {
                    await isOver.WaitAsync(_stopped.Token);
                    return;
                }

                await server.ConnectAsync(IPAddress.Loopback, _server, _stopped.Token);
                Keep(client, server);
                await Task.WhenAll(
                    PumpAsync(client, server, RelayFault.CutsRequests, RelayFault.HoldsRequests),
                    PumpAsync(server, client, null, RelayFault.HoldsAnswers));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The server does not run, or a side is gone: then the other is, too.
            }
            finally
            {
                Forget(client, server);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, RelayFault? cuts, RelayFault holds)
    {
        var bytes = new byte[64 * 1024];
        int count;
        while ((count = await ReadAsync(from, bytes)) > 0)
        {
            if (Fault == cuts)
            {
                Cut(from);
                Cut(to);
                return;
            }

            if (IsHeld(holds, out Task isOver))
            {
                _held.Release();
                await isOver.WaitAsync(_stopped.Token);
            }

            await to.SendAsync(bytes.AsMemory(0, count), _stopped.Token);
        }

        to.Shutdown(SocketShutdown.Send);
    }

    // A side that is gone has said all it had to say.
    private async Task<int> ReadAsync(Socket from, byte[] bytes)
    {
        try
        {
            return await from.ReceiveAsync(bytes.AsMemory(), _stopped.Token);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private bool IsHeld(RelayFault holds, out Task isOver)
    {
        lock (_gate)
        {
            isOver = _isOver.Task;
            return _fault == holds;
        }
    }

    private void Keep(Socket client, Socket server)
    {
        lock (_gate)
        {
            _sockets.Add(client);
            _sockets.Add(server);
        }
    }

    private void Forget(Socket client, Socket server)
    {
        lock (_gate)
        {
            _sockets.Remove(client);
            _sockets.Remove(server);
        }
    }
}
