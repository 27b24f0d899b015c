using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Signing.AspNetCore;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Diagnostics;

/// <summary>What an operator's collector gets of a signed request, by the names that the packages publish.</summary>
[Collection(Alone.Name)]
public sealed class OpenTelemetryTests
{
    private const string AspNetCore = "Microsoft.AspNetCore";
    private const string Client = "Signing.Client";

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task A_request_that_is_signed_verified_and_refused_is_read_back_and_names_no_key(Door door)
    {
        using var spans = new ReadSpans();
        using var points = new ReadPoints();

        // Spans of a request are sampled with the request's own.
        using TracerProvider traces = Sdk.CreateTracerProviderBuilder().AddSource(AspNetCore, SignatureDefaults.TelemetryName, Client).AddProcessor(new SimpleActivityExportProcessor(spans)).Build();
        using MeterProvider metrics = Sdk.CreateMeterProviderBuilder().AddMeter(SignatureDefaults.TelemetryName, Client).AddReader(new BaseExportingMetricReader(points)).Build();
        await using ApiHost api = await ApiHost.StartAsync(door);
        using HttpClient right = ClientOf(api, ApiHost.Key, ApiHost.Secret);
        using HttpClient wrong = ClientOf(api, "key-nobody-has", ApiHost.Secret);

        using HttpResponseMessage accepted = await right.GetAsync("/orders/of-acme?customer=anna", TestContext.Current.CancellationToken);
        using HttpResponseMessage refused = await wrong.GetAsync("/orders/of-acme?customer=anna", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (accepted.StatusCode, refused.StatusCode));
        Assert.True(metrics.ForceFlush());

        Assert.Equal(
            [
                "Signing.AspNetCore: signing.verify signing.scheme=Signature signing.status=unknown_key",
                "Signing.AspNetCore: signing.verify signing.scheme=Signature signing.status=verified",
                "Signing.Client: Signing.Client.Sign ",
                "Signing.Client: Signing.Client.Sign ",
            ],
            spans.Read.Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "Signing.AspNetCore: signing.verifications 1 {request} signing.scheme=Signature signing.status=unknown_key",
                "Signing.AspNetCore: signing.verifications 1 {request} signing.scheme=Signature signing.status=verified",
                "Signing.Client: signing.client.signatures 2 {signature} ",
            ],
            points.Read.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_flood_of_names_makes_no_more_series_than_there_are_codes()
    {
        using var points = new ReadPoints();
        using MeterProvider metrics = Sdk.CreateMeterProviderBuilder().AddMeter(SignatureDefaults.TelemetryName, Client).AddReader(new BaseExportingMetricReader(points)).Build();
        await using ApiHost api = await ApiHost.StartAsync();

        for (int i = 0; i < 100; i++)
        {
            using HttpClient client = ClientOf(api, $"key-{i}", ApiHost.Secret);
            using HttpResponseMessage refused = await client.GetAsync($"/{i}", TestContext.Current.CancellationToken);
        }

        Assert.True(metrics.ForceFlush());
        Assert.Equal(2, points.Read.Count);
    }

    private static HttpClient ClientOf(ApiHost api, string key, string secret) =>
        new(new MessageSigningHandler(new MessageSigningOptions { Key = key, Secret = secret }, timeProvider: api.Clock)) { BaseAddress = new Uri($"http://{api.Authority}") };

    private static string Join(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));

    // The exporter in memory that OpenTelemetry has is a package of its own.
    private sealed class ReadSpans : BaseExporter<Activity>
    {
        public ConcurrentQueue<string> Read { get; } = new();

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (Activity span in batch)
            {
                if (span.Source.Name != AspNetCore)
                {
                    Assert.Empty(span.Events);
                    Read.Enqueue($"{span.Source.Name}: {span.DisplayName} {Join(span.TagObjects)}");
                }
            }

            return ExportResult.Success;
        }
    }

    private sealed class ReadPoints : BaseExporter<Metric>
    {
        public ConcurrentQueue<string> Read { get; } = new();

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (Metric metric in batch)
            {
                foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
                {
                    var tags = new List<KeyValuePair<string, object?>>();
                    foreach (KeyValuePair<string, object?> tag in point.Tags)
                    {
                        tags.Add(tag);
                    }

                    Read.Enqueue($"{metric.MeterName}: {metric.Name} {point.GetSumLong()} {metric.Unit} {Join(tags)}");
                }
            }

            return ExportResult.Success;
        }
    }
}
