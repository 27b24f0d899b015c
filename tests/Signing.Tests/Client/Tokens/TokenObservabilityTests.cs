using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Tokens;

/// <summary>What operators see of tokens, what it costs, and what nobody sees.</summary>
[Collection(Alone.Name)]
public sealed class TokenObservabilityTests : TokenTestBase
{
    [Fact]
    public async Task Acquisitions_and_replays_are_counted_with_bounded_tags()
    {
        var counted = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Meter.Name == "Signing.Client" && instrument.Name.Contains("token", StringComparison.Ordinal))
            {
                meters.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            counted.Enqueue($"{instrument.Name} {value} {string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}".TrimEnd()));
        listener.Start();
        HttpClient client = ClientOf(Build());

        Server.Next(500);
        await Record.ExceptionAsync(() => StatusOfAsync(client));
        Time.Advance(TimeSpan.FromSeconds(2));
        await StatusOfAsync(client);
        Server.Accepted = "another";
        await StatusOfAsync(client);

        Assert.Equal(
            [
                "signing.client.token_acquisitions 1 signing.token_origin=login,signing.outcome=failed",
                "signing.client.token_acquisitions 1 signing.token_origin=login,signing.outcome=acquired",
                "signing.client.token_acquisitions 1 signing.token_origin=refresh,signing.outcome=acquired",
                "signing.client.token_replays 1",
            ],
            counted);
    }

    [Fact]
    public async Task An_acquisition_is_a_trace_of_its_own_and_not_part_of_the_request_that_came_first()
    {
        var stopped = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Signing.Client",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using (new Activity("request").Start())
        {
            await SourceOf(Build()).GetAsync(Cancelled);
        }

        Activity acquired = Assert.Single(stopped, activity => activity.OperationName == "Signing.Client.AcquireToken");
        Assert.Null(acquired.ParentId);
        Assert.All(stopped, activity => Assert.Empty(activity.TagObjects));
    }

    [Fact]
    public async Task The_log_names_the_key_and_how_the_token_was_had_and_never_a_token()
    {
        HttpClient client = ClientOf(Build(change: options => options.SharingKey = "sharing-1"));
        await StatusOfAsync(client);
        Server.Accepted = "another";
        await StatusOfAsync(client);
        Time.Advance(Unusable);
        Server.Next(401, """{"error":"invalid_client","error_description":"no refresh-2 of yours"}""");
        await Record.ExceptionAsync(() => StatusOfAsync(client));

        string[] lines = [.. Log.Lines.Where(line => line.Category == "Signing.Client.AccessTokenSource" && line.Id >= Acquired).Select(line => $"{line.Level}: {line.Text}")];
        Assert.Equal(
            [
                "Information: acme_key_1 has a new access token by Login, for 00:15:00.",
                "Information: acme_key_1 has a new access token by Refresh, for 00:15:00.",
                "Debug: Sending a GET request to 127.0.0.1 once more: the access token of acme_key_1 was refused and replaced.",
                "Error: acme_key_1 gets no access token: The token endpoint refuses this client: invalid_client. Check Key, Secret and Login of client \"orders\"; nothing is tried again until they change or RevokeAsync is called.",
            ],
            lines);
    }

    [Fact]
    public async Task Nothing_shows_a_token_or_a_secret_when_it_is_printed()
    {
        AccessTokenSource source = SourceOf(Build(change: options => options.SharingKey = "sharing-1"));
        AccessToken token = await source.GetAsync(Cancelled);
        object[] printed = [source, token, source.Plan, source.Plan.Slot, source.Plan.Slot.Identity, source.Plan.Header, new ApiTokenOptions { Token = "access-1" }, new TokenGrant("access-1", "refresh-1", TimeSpan.Zero), new TokenReply(new TokenGrant("access-1", "refresh-1", TimeSpan.Zero)), new StoredText(true, "access-1", token), new FlightEnd(token, TokenOrigin.Login, ["access-1"], null), new ApiTokenPlan("access-1", source.Plan.Header)];

        Assert.All(printed, value => Assert.All([Secret, "access-1", "refresh-1", "sharing-1"], secret => Assert.DoesNotContain(secret, value.ToString(), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Neither_a_token_nor_a_secret_is_written_as_JSON()
    {
        AccessToken token = await SourceOf(Build()).GetAsync(Cancelled);
        string[] written =
        [
            JsonSerializer.Serialize(token),
            JsonSerializer.Serialize(new AccessTokenOptions { Key = KeyId, Secret = Secret, SharingKey = "sharing-1" }),
            JsonSerializer.Serialize(new MessageSigningOptions { Key = KeyId, Secret = Secret }),
            JsonSerializer.Serialize(new ApiTokenOptions { Token = "access-1" }),
        ];

        Assert.Equal([true, false, false, false], written.Select(json => json.Contains("ExpiresAt", StringComparison.Ordinal)));
        Assert.All(written, json => Assert.All([Secret, "access-1", "refresh-1", "sharing-1"], secret => Assert.DoesNotContain(secret, json, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_secret_in_Basic_reaches_no_logger_even_if_the_host_redacts_no_header_of_any_client()
    {
        ServiceProvider services = Build(
            orders => orders.Services.ConfigureHttpClientDefaults(d => d.RedactLoggedHeaders(_ => false)).AddHttpClient(AccessTokenOptions.BackchannelName).RedactLoggedHeaders([])
                .AddHttpMessageHandler(static () => new SecondTry()),
            options => options.Login = LoginMethod.ClientSecretBasic);
        Server.Next(503);

        Assert.Equal(200, await StatusOfAsync(ClientOf(services)));

        Assert.Equal(2, Server.TokenRequests.Length);
        string sent = Assert.Single(Server.TokenRequests.Select(request => request["authorization"]).Distinct());
        Assert.StartsWith("Basic ", sent, StringComparison.Ordinal);
        LogLine[] lines = [.. Log.Lines.Where(line => line.Category.Contains(AccessTokenOptions.BackchannelName, StringComparison.Ordinal))];
        Assert.Contains(lines, line => line.Text.Contains("Accept: *", StringComparison.Ordinal) && line.Values.Contains("application/json"));
        Assert.DoesNotContain(Log.Lines, line => line.Text.Contains(sent["Basic ".Length..], StringComparison.Ordinal));
        Assert.DoesNotContain(Log.Lines, line => line.Values.Any(value => value.Contains(sent["Basic ".Length..], StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_in_memory_costs_no_memory(bool withoutServices)
    {
        await using AccessTokenSource source = withoutServices
            ? new AccessTokenSource(new AccessTokenOptions { Key = KeyId, Secret = Secret, Endpoints = { Login = new Uri(Server.Address, "/auth/login"), Refresh = new Uri(Server.Address, "/auth/refresh"), Revoke = null } })
            : SourceOf(Build());
        AccessToken token = await source.GetAsync(Cancelled);
        bool same = true;

        long bytes = Allocation.OfWarmed(() =>
        {
            ValueTask<AccessToken> got = source.GetAsync(CancellationToken.None);
            same &= got.IsCompletedSuccessfully && ReferenceEquals(got.GetAwaiter().GetResult(), token);
        });

        Assert.True(same);
        Assert.Equal(0, bytes);
    }

    private sealed class SecondTry : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage first = await base.SendAsync(request, cancellationToken);
            return first.IsSuccessStatusCode ? first : await base.SendAsync(request, cancellationToken);
        }
    }
}
