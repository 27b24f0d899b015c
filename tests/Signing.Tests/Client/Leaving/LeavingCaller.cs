using Signing.Tests.Fuzz;

namespace Signing.Tests.Client.Leaving;

/// <summary>One caller of a round: what it sends, what the server says to it, and where it leaves, if it does.</summary>
internal sealed class LeavingCaller : IDisposable
{
    private static readonly string[] AllStops = ["body", "send 1", "send 2", "content"];

    private readonly Dictionary<string, Stop> _stops = AllStops.ToDictionary(static name => name, static _ => new Stop(), StringComparer.Ordinal);
    private int _sendings;

    public LeavingCaller(int id, Draw draw, bool isCold)
    {
        Id = id;
        Script = draw.Of("plain", "plain", "token", "token", "clock", "floor");
        HasBody = draw.OneIn(2);
        IsSynchronous = draw.OneIn(3);
        string[] places = [.. AllStops.Where(place => place is not "body" || HasBody).Where(place => place is not "send 2" || Script is "token" or "clock"), .. isCold ? (string[])["login"] : [], .. Script == "token" ? (string[])["refresh"] : [], .. Script == "floor" ? (string[])["wait"] : []];
        Place = draw.OneIn(2) ? draw.Of(places) : null;
        RunsOut = Place is not null && !IsSynchronous && draw.OneIn(12);
    }

    public int Id { get; }

    public string Script { get; }

    public bool HasBody { get; }

    public bool IsSynchronous { get; }

    /// <summary>Gets where it leaves.</summary>
    public string? Place { get; }

    /// <summary>Gets whether it leaves because of the timeout of its client.</summary>
    public bool RunsOut { get; }

    public CancellationTokenSource Leaving { get; } = new();

    public byte[] Body => HasBody ? [.. "the body of "u8, (byte)('a' + Id)] : [];

    public byte[] Answer => [.. "the answer to "u8, (byte)('a' + Id)];

    public List<StoppedContent> Contents { get; } = [];

    public Task<Exception?> Done { get; private set; } = Task.FromResult<Exception?>(null);

    public bool HasArrived { get; private set; }

    public Stop At(string place) => _stops[place];

    public bool IsFirst => _sendings == 1;

    public int NextSending() => Interlocked.Increment(ref _sendings);

    /// <summary>Begins, and leads it from stop to stop until it is through, or leaves.</summary>
    /// <param name="send">Sends its request.</param>
    /// <param name="shared">Where all wait for a token.</param>
    public async Task DriveAsync(Func<LeavingCaller, Task<Exception?>> send, Func<string, Stop> shared)
    {
        Done = Task.Factory.StartNew(() => send(this), CancellationToken.None, IsSynchronous ? TaskCreationOptions.LongRunning : TaskCreationOptions.None, TaskScheduler.Default).Unwrap();
        if (Place == "login")
        {
            await LeaveAsync(shared("login").Arrived);
            return;
        }

        foreach (string place in AllStops)
        {
            if (place == "send 2" && Place is "refresh" or "wait")
            {
                await LeaveAsync(Place == "refresh" ? shared("refresh").Arrived : At("send 1").Arrived);
                return;
            }

            Stop stop = At(place);
            if (place == Place)
            {
                // Who is not refused is not sent a second time.
                await LeaveAsync(place == "send 2" ? Task.WhenAny(stop.Arrived, At("content").Arrived) : stop.Arrived);
                return;
            }

            stop.Release();
        }
    }

    public void Dispose() => Leaving.Dispose();

    private async Task LeaveAsync(Task arrived)
    {
        await Task.WhenAny(arrived, Done);
        HasArrived = arrived.IsCompleted;
        if (!RunsOut)
        {
            await Leaving.CancelAsync();
        }

        await Done;
        foreach (Stop stop in _stops.Values)
        {
            stop.Release();
        }
    }

    public override string ToString() => $"{Id} {Script}{(HasBody ? " body" : "")}{(IsSynchronous ? " synchronous" : "")} leaves at {Place}{(RunsOut ? " by its timeout" : "")}";
}
