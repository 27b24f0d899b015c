using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Client;
using Signing.PostgreSql;
using Signing.Tests.House;

namespace Signing.Tests.Diagnostics;

/// <summary>The table of what the packages log, count and trace is what they do, row for row.</summary>
public sealed partial class TelemetryTableTests
{
    private const string Readme = "src/Signing.AspNetCore/README.md";
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    // Those of one process: a host may have all three.
    private static readonly string[] ServerPackages = ["Signing.AspNetCore", "Signing.Management", "Signing.PostgreSql"];

    // What cannot be read from an instrument; each tag has a value from a list of ours.
    private static readonly Dictionary<string, string> Tags = new(StringComparer.Ordinal)
    {
        ["signing.verifications"] = "`signing.status`, `signing.scheme`",
        ["signing.responses"] = "`signing.status`",
        ["signing.token.operations"] = "`signing.operation`, `signing.status`",
        ["signing.grant.revocations"] = "`signing.reason`",
        ["signing.client.responses"] = "`signing.status`",
        ["signing.client.resends"] = "`signing.lesson`",
        ["signing.client.token_acquisitions"] = "`signing.token_origin`, `signing.outcome`",
    };

    private static readonly Dictionary<string, string> Spans = new(StringComparer.Ordinal)
    {
        ["signing.verify"] = "| Signing.AspNetCore | span | `signing.verify` | `signing.status`, `signing.scheme` | A request is judged by a scheme. |",
        ["signing.login"] = "| Signing.AspNetCore | span | `signing.login` | `signing.status` | A client logs in. |",
        ["signing.refresh"] = "| Signing.AspNetCore | span | `signing.refresh` | `signing.status` | A login is refreshed. |",
        ["signing.revoke"] = "| Signing.AspNetCore | span | `signing.revoke` | `signing.status` | A login is revoked by its holder. |",
        ["Signing.Client.Sign"] = "| Signing.Client | span | `Signing.Client.Sign` | none | A request is signed, its content hashed. |",
        ["Signing.Client.AcquireToken"] = "| Signing.Client | span | `Signing.Client.AcquireToken` | none | An access token is got. |",
    };

    [Fact]
    public void Every_log_message_has_an_id_of_its_own_in_its_package_and_in_a_server()
    {
        var messages = Messages().ToList();

        Assert.NotEmpty(messages);
        Offenders.None(messages.GroupBy(message => (message.Package, message.Id)).Where(group => group.Count() > 1).Select(group => group.Key.ToString()));
        Offenders.None(messages.Where(message => ServerPackages.Contains(message.Package)).GroupBy(message => message.Id).Where(group => group.Count() > 1).Select(group => group.Key.ToString()));
    }

    [Fact]
    public void The_table_is_what_the_packages_log_count_and_trace()
    {
        string[] expected = [.. Messages().OrderBy(message => message.Package, StringComparer.Ordinal).ThenBy(message => message.Id).Select(message => message.Row), .. InstrumentRows(), .. SpanRows()];
        string[] table = [.. Repository.Lines(Readme).SkipWhile(line => line != "### Every log message, metric and span").SkipWhile(line => !line.StartsWith("|--", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.StartsWith('|'))];

        // Whole rows, to be copied into the table.
        Offenders.None(expected.Except(table, StringComparer.Ordinal).Select(row => "to be added: " + row).Concat(table.Except(expected, StringComparer.Ordinal).Select(row => "to be removed: " + row)));
        Assert.Equal(string.Join('\n', expected), string.Join('\n', table));
    }

    [Fact]
    public void The_readme_of_every_package_that_tells_something_leads_to_the_table() =>
        Assert.All(["Signing.Client", "Signing.Management", "Signing.PostgreSql"], package =>
            Assert.Contains("../Signing.AspNetCore/README.md#every-log-message-metric-and-span", Repository.Read($"src/{package}/README.md"), StringComparison.Ordinal));

    private static IEnumerable<(string Package, int Id, string Row)> Messages() =>
        from assembly in Repository.Assemblies
        from type in assembly.GetTypes()
        from method in type.GetMethods(All)
        let message = method.GetCustomAttribute<LoggerMessageAttribute>()
        where message is not null
        let package = assembly.GetName().Name!
        select (package, message.EventId, $"| {package} | log | {message.EventId} | {message.Level} | {FirstSentence().Match(message.Message).Value} |");

    private static IEnumerable<string> InstrumentRows()
    {
        var instruments = new List<Instrument>();
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = provider.GetRequiredService<IMeterFactory>();
        using (var listener = new MeterListener())
        {
            listener.InstrumentPublished = (instrument, _) =>
            {
                lock (instruments)
                {
                    if (instrument.Meter.Name.StartsWith("Signing", StringComparison.Ordinal) && (instrument.Meter.Scope is null || instrument.Meter.Scope == meters))
                    {
                        instruments.Add(instrument);
                    }
                }
            };
            listener.Start();
            _ = new SigningMetrics(meters);
            _ = new TokenMetrics(meters);
            _ = new ClaimMetrics(meters);
            _ = new PropagationMetrics(meters, new Freshness(TimeProvider.System, TimeSpan.FromSeconds(30)));
            RuntimeHelpers.RunClassConstructor(typeof(ClientTelemetry).TypeHandle);
        }

        string[] written = [.. Repository.Sources("src").SelectMany(path => CreatedInstrument().Matches(Repository.Read(path)).Select(match => match.Groups[1].Value)).Order(StringComparer.Ordinal)];
        Assert.Equal(written, instruments.Select(instrument => instrument.Name).Order(StringComparer.Ordinal));
        return instruments.OrderBy(instrument => instrument.Meter.Name, StringComparer.Ordinal).ThenBy(instrument => instrument.Name, StringComparer.Ordinal)
            .Select(instrument => $"| {instrument.Meter.Name} | {KindOf(instrument)} | `{instrument.Name}`, {instrument.Unit} | {Tags.GetValueOrDefault(instrument.Name, "none")} | {instrument.Description} |");
    }

    private static IEnumerable<string> SpanRows()
    {
        var names = from path in Repository.Sources("src")
                    let text = Repository.Read(path)
                    from Match started in StartedSpan().Matches(text)
                    let constant = started.Groups["constant"].Value
                    select started.Groups["name"].Value + (constant.Length == 0 ? "" : Regex.Match(text, $"const string {constant} = \"([^\"]+)\"").Groups[1].Value);
        Assert.Equal(Spans.Keys.Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        return Spans.Values;
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" => "counter",
        "Histogram" => "histogram",
        _ => "gauge",
    };

    [GeneratedRegex(@"^.+?[.:](?= |$)")]
    private static partial Regex FirstSentence();

    [GeneratedRegex("""\.Create(?:Counter|Histogram|UpDownCounter|Gauge|Observable\w+)(?:<\w+>)?\(\s*"([^"]+)["]""")]
    private static partial Regex CreatedInstrument();

    [GeneratedRegex("""\.StartActivity\("(?<name>[^"]+)"(?: \+ (?<constant>\w+))?\)""")]
    private static partial Regex StartedSpan();
}
