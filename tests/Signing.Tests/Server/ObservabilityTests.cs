using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

[Collection(Alone.Name)]
public sealed class ObservabilityTests
{
    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Each_request_is_counted_once_by_code_and_scheme_and_by_nothing_of_its_own(Door door)
    {
        using var listener = new MeterListener();
        var counted = new ConcurrentQueue<string>();
        await using ApiHost host = await ApiHost.StartAsync(door);
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == SignatureDefaults.TelemetryName && instrument.Meter.Scope == host.App.Services.GetRequiredService<IMeterFactory>())
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => counted.Enqueue(
            $"{instrument.Name}+{value} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}"));
        listener.Start();
        RequestDraft unknown = host.Draft("GET", "/secret/path?query");
        unknown.KeyId = "an-unbounded-name";
        RequestDraft unsigned = host.Draft();
        unsigned.Signed = false;

        await host.SendAsync(host.Draft());
        await host.SendAsync(unknown);
        await host.SendAsync(unsigned);

        Assert.Equal(
            [
                "signing.verifications+1 signing.status=verified signing.scheme=Signature",
                "signing.verifications+1 signing.status=unknown_key signing.scheme=Signature",
                "signing.verifications+1 signing.status=missing_signature signing.scheme=Signature",
            ],
            counted);
    }

    [Fact]
    public async Task An_activity_of_the_package_carries_the_code()
    {
        var ended = new ConcurrentQueue<string>();
        await using ApiHost host = await ApiHost.StartAsync();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SignatureDefaults.TelemetryName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => ended.Enqueue($"{activity.OperationName} {string.Join(' ', activity.Tags.Select(tag => $"{tag.Key}={tag.Value}"))}"),
        };
        ActivitySource.AddActivityListener(listener);

        await host.SendAsync(host.Draft());

        Assert.Equal(["signing.verify signing.status=verified signing.scheme=Signature"], ended);
    }

    [Fact]
    public async Task A_span_ends_in_an_error_where_the_fault_is_ours_and_not_where_it_is_the_callers()
    {
        var ended = new ConcurrentQueue<string>();
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Signature = options => options.Events.OnValidated = static context => context.HttpContext.Request.Path == "/fails" ? throw new InvalidDataException("The host's database is away.") : Task.CompletedTask,
        });
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SignatureDefaults.TelemetryName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => ended.Enqueue($"{activity.GetTagItem("signing.status")} {activity.Status} {activity.StatusDescription}"),
        };
        ActivitySource.AddActivityListener(listener);
        RequestDraft stranger = host.Draft();
        stranger.KeyId = "unknown";

        await host.SendAsync(host.Draft());
        await host.SendAsync(stranger);
        await host.SendAsync(host.Draft("GET", "/fails"));
        host.Credentials.Failure = new TimeoutException("The database is away.");
        await host.SendAsync(host.Draft());

        Assert.Equal(["verified Unset ", "unknown_key Unset ", " Error ", "credential_store_unavailable Error "], ended);
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task Nothing_secret_is_logged_even_at_Trace(Door door)
    {
        const string content = "the content of the request";
        await using ApiHost host = await ApiHost.StartAsync(door);
        RequestDraft good = host.Draft("POST", "/orders", Encoding.UTF8.GetBytes(content));
        RequestDraft altered = host.Draft("POST", "/orders", Encoding.UTF8.GetBytes(content)).With("Content-Digest", RequestDraft.DigestOf([1]));
        RequestDraft stranger = host.Draft("POST", "/orders", Encoding.UTF8.GetBytes(content));
        stranger.KeyId = "an-unverified-name";
        string[] macs = [good.Mac(), altered.Mac(), stranger.Mac()];

        await host.SendAsync(good);
        await host.SendAsync(good);
        await host.SendAsync(altered);
        await host.SendAsync(stranger);

        string log = string.Join('\n', host.Log.Lines.Select(line => $"{line.Text} {line.Exception}"));
        Assert.Contains("verified, key key-one", log, StringComparison.Ordinal);
        Assert.Contains("refused, replayed", log, StringComparison.Ordinal);
        Assert.All(
            [ApiHost.Secret, content, "an-unverified-name", good.Nonce!, "\"@signature-params\"", .. macs],
            secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_messages_keep_their_ids()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft draft = host.Draft();

        await host.SendAsync(draft);
        await host.SendAsync(draft);

        Assert.Equal(
            [(1, LogLevel.Debug), (2, LogLevel.Information)],
            host.Log.Lines.Where(line => line.Category == SignatureDefaults.TelemetryName).Select(line => (line.Id, line.Level)));
    }

    [Fact]
    public async Task The_scheme_s_failure_says_no_more_than_the_caller_may_know()
    {
        await using ApiHost host = await ApiHost.StartAsync(Door.Scheme);
        RequestDraft draft = host.Draft();
        draft.KeyId = "unknown";

        await host.SendAsync(draft);

        LogLine failure = Assert.Single(host.Log.Lines, line => line.Category.EndsWith("SignatureHandler", StringComparison.Ordinal) && line.Text.Contains("not authenticated", StringComparison.Ordinal));
        Assert.Contains("invalid_credential", failure.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown_key", failure.Text, StringComparison.Ordinal);
    }
}
