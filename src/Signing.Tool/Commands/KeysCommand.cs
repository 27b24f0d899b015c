using System.CommandLine;
using System.Text.Json;

namespace Signing.Tool;

/// <summary><c>signing keys</c>: creates, lists and ends credentials by the admin API of <c>Signing.Management</c>.</summary>
internal static class KeysCommand
{
    private const int SecondsOfYear = 365 * 24 * 60 * 60;

    private static readonly string[] Kinds = ["keyPair", "apiToken"];
    private static readonly string[] States = ["scheduled", "active", "rotating", "expiringSoon", "expired", "suspended", "revoked"];

    public static Command Create(Terminal terminal) => new(
        "keys",
        "Manages keys by the admin API of Signing.Management, as a Key and Secret or an ApiToken (SIGNING_TOKEN) with the scope signing.manage.")
    {
        List(terminal),
        New(terminal),
        Rotate(terminal),
        Renew(terminal),
        Plain(terminal, "suspend", "Refuses a credential until it is resumed."),
        Plain(terminal, "resume", "Accepts a suspended credential again."),
        Revoke(terminal),
    };

    private static Command List(Terminal terminal)
    {
        (Option<string?> Option, string Filter, string[] Words)[] filters =
        [
            (new Option<string?>("--application") { Description = "Only those of this application.", HelpName = "ID" }, "application", []),
            (new Option<string?>("--workspace") { Description = "Only those of this workspace.", HelpName = "ID" }, "workspace", []),
            (new Option<string?>("--kind") { Description = "Only keyPair, or only apiToken.", HelpName = "KIND" }, "kind", Kinds),
            (new Option<string?>("--state") { Description = "Only those in this state: scheduled, active, rotating, expiringSoon, expired, suspended or revoked.", HelpName = "STATE" }, "state", States),
            (new Option<string?>("--search") { Description = "Only those whose name, id or Key contains this.", HelpName = "TEXT" }, "q", []),
        ];
        return Make(terminal, "list", "Lists credentials, the newest first; no Secret is among what is listed.", [.. filters.Select(filter => filter.Option)], parsed =>
        {
            (string, string?)[] wanted = [.. filters.Select(filter =>
                (filter.Filter, filter.Words.Length == 0 ? parsed.GetValue(filter.Option) : Values.OneOf(parsed.GetValue(filter.Option), filter.Option.Name, filter.Words)))];
            return async (api, answer, cancellationToken) => answer.List(await api.ListAsync(wanted, cancellationToken).ConfigureAwait(false));
        });
    }

    private static Command New(Terminal terminal)
    {
        var application = new Option<string>("--application") { Description = "The application it is for.", HelpName = "ID", Required = true };
        var name = new Option<string>("--name") { Description = "Its name, unique in the workspace.", HelpName = "NAME", Required = true };
        var kind = new Option<string?>("--kind") { Description = "keyPair (unless given) or apiToken.", HelpName = "KIND" };
        var environment = new Option<string?>("--environment") { Description = "What it is made for, such as live; the server's first unless given.", HelpName = "NAME" };
        var scope = new Option<string[]>("--scope") { Description = "A scope it has; repeat it for each.", HelpName = "SCOPE" };
        var parent = new Option<string?>("--parent") { Description = "The KeyPair of a long-lived token.", HelpName = "ID" };
        Option<string?> expires = Expires();
        Option<bool> never = NeverExpires();
        return Make(terminal, "create", "Creates a KeyPair or an ApiToken, and writes its Secret this once.", [application, name, kind, environment, scope, parent, expires, never], parsed =>
        {
            DateTimeOffset? end = EndOf(parsed, expires, never, isRequired: false);
            string kindOf = Values.OneOf(parsed.GetValue(kind), "--kind", Kinds) ?? Kinds[0];
            return async (api, answer, cancellationToken) => answer.HandOver(await api.CreateAsync(
                writer =>
                {
                    writer.WriteString("applicationId", parsed.GetValue(application));
                    writer.WriteString("kind", kindOf);
                    writer.WriteString("name", parsed.GetValue(name));
                    WriteIfGiven(writer, "environment", parsed.GetValue(environment));
                    WriteIfGiven(writer, "parentId", parsed.GetValue(parent));
                    WriteIfGiven(writer, "expires", end is { } instant ? InstantText.Of(instant) : null);
                    writer.WriteBoolean("neverExpires", parsed.GetValue(never));
                    writer.WriteStartArray("scopes");
                    foreach (string one in parsed.GetValue(scope) ?? [])
                    {
                        writer.WriteStringValue(one);
                    }

                    writer.WriteEndArray();
                },
                cancellationToken).ConfigureAwait(false));
        });
    }

    private static Command Rotate(Terminal terminal)
    {
        Argument<string> id = Id();
        var overlap = new Option<string?>("--overlap") { Description = "How long the former Secret is still accepted; as long as its workspace says unless given.", HelpName = "SECONDS" };
        return Make(terminal, "rotate", "Gives a KeyPair another Secret, and writes it this once; the former one is accepted for an overlap.", [id, overlap], parsed =>
        {
            int? seconds = Values.Seconds(parsed.GetValue(overlap), "--overlap", 0, SecondsOfYear);
            return async (api, answer, cancellationToken) =>
                answer.HandOver(await api.ChangeAsync(parsed.GetValue(id)!, "rotate", writer => WriteIfGiven(writer, "overlapSeconds", seconds), cancellationToken).ConfigureAwait(false));
        });
    }

    private static Command Renew(Terminal terminal)
    {
        Argument<string> id = Id();
        Option<string?> expires = Expires();
        Option<bool> never = NeverExpires();
        return Make(terminal, "renew", "Gives a credential another end, or none; an expired one comes back.", [id, expires, never], parsed =>
        {
            DateTimeOffset? end = EndOf(parsed, expires, never, isRequired: true);
            return async (api, answer, cancellationToken) =>
                answer.Show(await api.ChangeAsync(parsed.GetValue(id)!, "renew", writer => writer.WriteString("expires", end is { } instant ? InstantText.Of(instant) : null), cancellationToken).ConfigureAwait(false));
        });
    }

    private static Command Revoke(Terminal terminal)
    {
        Argument<string> id = Id();
        var reason = new Option<string?>("--reason") { Description = "Why, for the audit.", HelpName = "TEXT" };
        var after = new Option<string?>("--after") { Description = "Revokes it in so many seconds; now unless given.", HelpName = "SECONDS" };
        return Make(terminal, "revoke", "Refuses a credential for good, and destroys its Secret, now or after a while.", [id, reason, after], parsed =>
        {
            int? seconds = Values.Seconds(parsed.GetValue(after), "--after", 0, SecondsOfYear);
            return async (api, answer, cancellationToken) => answer.Show(await api.ChangeAsync(
                parsed.GetValue(id)!,
                "revoke",
                writer =>
                {
                    WriteIfGiven(writer, "reason", parsed.GetValue(reason));
                    WriteIfGiven(writer, "afterSeconds", seconds);
                },
                cancellationToken).ConfigureAwait(false));
        });
    }

    private static Command Plain(Terminal terminal, string change, string description)
    {
        Argument<string> id = Id();
        return Make(terminal, change, description, [id], parsed => async (api, answer, cancellationToken) =>
            answer.Show(await api.ChangeAsync(parsed.GetValue(id)!, change, static _ => { }, cancellationToken).ConfigureAwait(false)));
    }

    // What was given is judged first, and only then may somebody be asked for a Secret.
    private static Command Make(Terminal terminal, string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, Func<ManagementApi, KeyAnswer, CancellationToken, Task>> judge)
    {
        var command = new Command(name, description);
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        Option<bool> json = SharedOptions.Json();
        command.Options.Add(json);
        var credentials = new ApiCredentials(command, terminal);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var answer = new KeyAnswer(terminal, parsed.GetValue(json));
            Func<ManagementApi, KeyAnswer, CancellationToken, Task> run = judge(parsed);
            await credentials.CallAsync(parsed, api => run(api, answer, cancellationToken), cancellationToken).ConfigureAwait(false);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Argument<string> Id() => new("ID") { Description = "The id of the credential (crd_...), or its Key." };

    private static Option<string?> Expires() => new("--expires") { Description = "Its end, such as 2027-03-31T00:00:00Z.", HelpName = "INSTANT" };

    private static Option<bool> NeverExpires() => new("--never-expires") { Description = "It has no end." };

    private static DateTimeOffset? EndOf(ParseResult parsed, Option<string?> expires, Option<bool> never, bool isRequired)
    {
        DateTimeOffset? end = Values.Instant(parsed.GetValue(expires), "--expires");
        if ((end is not null && parsed.GetValue(never)) || (isRequired && end is null && !parsed.GetValue(never)))
        {
            throw ToolFailure.Usage("Give either --expires INSTANT or --never-expires.");
        }

        return end;
    }

    private static void WriteIfGiven(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteIfGiven(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
