using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client;

/// <summary>What the client tells operators, and what it keeps to itself.</summary>
[Collection(Alone.Name)]
public sealed class ClientObservabilityTests : ClientTestBase
{
    [Fact]
    public async Task Signatures_and_resends_are_counted_under_the_name_of_the_package_with_bounded_tags()
    {
        var counted = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Meter.Name == "Signing.Client")
            {
                meters.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            counted.Enqueue($"{instrument.Name} {value} {string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}".TrimEnd()));
        listener.Start();

        await ProvokeAsync(new RecordedLog<MessageSigningHandler>());

        Assert.Equal(["signing.client.signatures 1", "signing.client.resends 1 signing.lesson=clock_offset", "signing.client.signatures 1", "signing.client.resends 1 signing.lesson=components", "signing.client.signatures 1"], counted);
    }

    [Fact]
    public async Task Signing_is_an_activity_of_its_own_that_ends_before_the_request_is_sent()
    {
        var stopped = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Signing.Client",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => stopped.Enqueue(activity.OperationName),
        };
        ActivitySource.AddActivityListener(listener);
        string? during = null;
        using HttpMessageInvoker client = Client(inner: new RelayHandler(_ => during = Activity.Current?.OperationName) { InnerHandler = Connection() });

        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        Assert.Equal(["Signing.Client.Sign"], stopped);
        Assert.NotEqual("Signing.Client.Sign", during);
    }

    [Fact]
    public async Task The_log_says_what_was_learnt_and_never_a_secret_a_signature_or_a_path()
    {
        var log = new RecordedLog<MessageSigningHandler>();

        await ProvokeAsync(log);

        Assert.Equal(3, log.Lines.Count(line => line.StartsWith("Debug: Signed a GET request to 127.0.0.1 with key acme_key_1", StringComparison.Ordinal)));
        Assert.Single(log.Lines, line => line.StartsWith("Warning: The clock of 127.0.0.1 is 600.", StringComparison.Ordinal));
        Assert.Single(log.Lines, line => line.StartsWith("Information: 127.0.0.1 asks for more components to be covered: @scheme", StringComparison.Ordinal));
        Assert.All(log.Lines, line =>
        {
            Assert.DoesNotContain(Secret, line, StringComparison.Ordinal);
            Assert.DoesNotContain("private", line, StringComparison.Ordinal);
            Assert.All(Server.Requests, received => Assert.DoesNotContain(received["signature"], line, StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task A_lost_answer_is_told_where_the_request_is_sent_again()
    {
        var log = new RecordedLog<MessageSigningHandler>();
        using var client = new HttpMessageInvoker(new MessageSigningHandler(OptionsWith(), Connection(), Time, log));
        Server.Answer = (_, before) => before % 2 == 0 ? RawServer.Refuse("replayed") : RawServer.Ok;

        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(Server.Address, "/private")), Cancelled);
        await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(Server.Address, "/private")), Cancelled);

        Assert.Equal(3, Server.Requests.Length);
        Assert.Single(log.Lines, line => line.StartsWith("Information: 127.0.0.1 has had the signature of a request before", StringComparison.Ordinal));
    }

    [Fact]
    public void Options_and_keys_show_no_secret_when_they_are_printed()
    {
        MessageSigningOptions options = OptionsWith();

        Assert.DoesNotContain(Secret, options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, Key.ToString(), StringComparison.Ordinal);
    }

    private async Task ProvokeAsync(RecordedLog<MessageSigningHandler> log)
    {
        Server.Answer = (_, before) => before switch
        {
            0 => RawServer.Refuse("too_old", $"Date: {Time.GetUtcNow().AddSeconds(601):R}\r\n"),
            1 => RawServer.Refuse("insufficient_coverage", "Accept-Signature: s=(\"@scheme\")\r\n"),
            _ => RawServer.Ok,
        };
        using var client = new HttpMessageInvoker(new MessageSigningHandler(OptionsWith(), Connection(), Time, log));
        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(Server.Address, "/private?private=1")), Cancelled);
    }
}
