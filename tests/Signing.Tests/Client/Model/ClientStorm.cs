using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Signing.Client;
using Signing.Tests.Fuzz;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Model;

/// <summary>Many requests at once, from several threads, to servers that teach each of them something else.</summary>
internal sealed class ClientStorm : IDisposable
{
    private const int Threads = 4;
    private const int Requests = 40;

    private readonly ManualTimeProvider _time = new();
    private readonly SigningKey _key = new("model_key_1", "a secret of the model, no. 1");
    private readonly ConcurrentDictionary<HttpRequestMessage, int> _sendings = new();
    private readonly Draw[] _draws;
    private readonly HttpMessageInvoker _client;
    private readonly ClientState _state;
    private MessageSigningOptions _options = Options(null);

    [ThreadStatic]
    private static Draw? _draw;

    public ClientStorm(int seed)
    {
        _draws = [.. Enumerable.Range(0, Threads + 1).Select(thread => new Draw((seed * 100) + thread))];
        _time.TimerStarted = () => ThreadPool.QueueUserWorkItem(_ => _time.Advance(TimeSpan.FromSeconds(1)));
        _state = new ClientState(() => _options, _time, NullLogger.Instance);
        _client = new HttpMessageInvoker(new MessageSigningHandler(_state, new ScriptedConnection(_time, Answer)));
    }

    public int Sendings => _sendings.Values.Sum();

    public void Run()
    {
        var threads = _draws.Take(Threads).Select(draw => Task.Factory.StartNew(() => Send(draw), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Task.WaitAll(threads, TestContext.Current.CancellationToken);
        Assert.All(_sendings.Values, sendings => Assert.InRange(sendings, 1, MessageSigningHandler.MaxSendings));

        // Nothing that they learnt of each other keeps an honest server from being understood.
        _draw = _draws[Threads];
        foreach (Place place in Place.All.Where(static place => place.IsTrusted))
        {
            LearntOrigin learnt = _state.Origins.Get(new Uri(place.Address));
            Assert.InRange(learnt.Components.Count + learnt.ComponentsIfPresent.Count, 0, SignatureLimits.MaxComponents + (Threads * AcceptedComponents.MaxComponents));
            bool isAccepted = false;
            for (int request = 0; request < 4; request++)
            {
                using HttpRequestMessage message = Message(place, "honest");
                using HttpResponseMessage response = _client.Send(message, TestContext.Current.CancellationToken);
                isAccepted = response.StatusCode == HttpStatusCode.OK;
            }

            Assert.True(isAccepted, place.Address);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _key.Dispose();
    }

    private static MessageSigningOptions Options(string? tag) => new()
    {
        Key = "model_key_1",
        Secret = "a secret of the model, no. 1",
        AllowPlainHttp = true,
        Policy = new SigningPolicy { Tag = tag },
    };

    private static HttpRequestMessage Message(Place place, string kind)
    {
        var message = new HttpRequestMessage(HttpMethod.Put, place.Address) { Content = new StreamContent(new OneWayStream("hello"u8.ToArray())) };
        message.Headers.Add("x-kind", kind);
        foreach (int number in Enumerable.Range(0, 30))
        {
            message.Headers.Add($"x-{number}", "1");
        }

        return message;
    }

    private void Send(Draw draw)
    {
        _draw = draw;
        for (int request = 0; request < Requests; request++)
        {
            if (draw.OneIn(10))
            {
                _options = Options(draw.Of(null, "mine", "other"));
            }

            using HttpRequestMessage message = Message(draw.Of(Place.All), "any");
            using HttpResponseMessage response = _client.Send(message, TestContext.Current.CancellationToken);
        }
    }

    private Told Answer(HttpRequestMessage request, Sent sent)
    {
        Draw draw = _draw!;
        _sendings.AddOrUpdate(request, 1, static (_, before) => before + 1);
        Assert.Equal("hello"u8.ToArray(), sent.Request.Body);
        Place place = Place.All.Single(place => place.Address == request.RequestUri!.OriginalString);
        TimeSpan ahead = TimeSpan.FromSeconds(place.Origin.Length * 97);
        long offset = sent.Created - sent.At.ToUnixTimeSeconds();

        // By our clock or by that of the origin, give or take what passed meanwhile because other requests waited.
        Assert.InRange(place.IsTrusted && offset > (long)ahead.TotalSeconds / 2 ? offset - (long)ahead.TotalSeconds : offset, -20, 20);
        string[] wanted = ["@method", "@authority", "@path", "@query", "content-digest"];
        Assert.Empty(wanted.Except(sent.Covered()));
        var now = new ManualTimeProvider(sent.At + TimeSpan.FromSeconds(offset));
        Assert.Equal(SignatureStatus.Verified, sent.Verify(_key, now, new VerificationPolicy { RequiredComponents = wanted }));
        string date = (sent.At + ahead).ToString("R", CultureInfo.InvariantCulture);
        if (sent.Request.Lines("x-kind")[0] == "honest")
        {
            string[] asked = [.. Enumerable.Range(place.Origin.Length, 10).Select(static number => $"x-{number}")];
            return sent.Verify(_key, new ManualTimeProvider(sent.At + ahead), new VerificationPolicy { RequiredComponents = [.. wanted, .. asked] }) switch
            {
                SignatureStatus.Verified => new Told(),
                var status => new Told { Status = 401, Code = Outcome.Of(status).Code, Dates = [date], Wish = Wish.For([.. wanted, .. asked]) },
            };
        }

        return draw.Below(6) switch
        {
            0 => new Told(),
            1 => new Told { Status = 401, Code = draw.Of("too_old", "created_in_future"), Dates = [date] },
            2 => new Told { Status = 503, Code = "replay_before_floor", RetryAfter = draw.Of(0, 1) },
            3 => new Told { Status = 401, Code = draw.Of("invalid_credential", "missing_component") },
            _ => new Told { Status = 401, Code = "insufficient_coverage", Wish = Wish.Random(draw) },
        };
    }
}
