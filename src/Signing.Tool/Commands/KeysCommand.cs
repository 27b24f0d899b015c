using System.CommandLine;
using System.Text.Json;

namespace Signing.Tool;

/// <summary><c>signing keys</c>: creates, lists and ends credentials by the admin API of <c>Signing.Management</c>.</summary>
internal static class KeysCommand
{
    private const int LongestOverlap = 365 * 24 * 60 * 60;

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
        return Make(terminal, "list", "Lists credentials, the newest first; no Secret is among what is listed.", [.. filters.Select(filter => filter.Option)], async (api, parsed, isJson, cancellationToken) =>
        {
            (string, string?)[] wanted = [.. filters.Select(filter =>
                (filter.Filter, filter.Words.Length == 0 ? parsed.GetValue(filter.Option) : Values.OneOf(parsed.GetValue(filter.Option), filter.Option.Name, filter.Words)))];
            List<JsonElement> rows = await api.ListAsync(wanted, cancellationToken).ConfigureAwait(false);
            if (isJson)
            {
                terminal.Json(writer =>
                {
                    writer.WriteStartArray("items");
                    rows.ForEach(row => row.WriteTo(writer));
                    writer.WriteEndArray();
                });
                return;
            }

            foreach (string line in KeyRow.Table(rows))
            {
                terminal.Answer(line);
            }

            terminal.Say(rows.Count == 1 ? "1 credential" : $"{rows.Count} credentials");
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
        return Make(terminal, "create", "Creates a KeyPair or an ApiToken, and writes its Secret this once.", [application, name, kind, environment, scope, parent, expires, never], async (api, parsed, isJson, cancellationToken) =>
        {
            DateTimeOffset? end = EndOf(parsed, expires, never, isRequired: false);
            JsonElement made = await api.CreateAsync(
                writer =>
                {
                    writer.WriteString("applicationId", parsed.GetValue(application));
                    writer.WriteString("kind", Values.OneOf(parsed.GetValue(kind), "--kind", Kinds) ?? Kinds[0]);
                    writer.WriteString("name", parsed.GetValue(name));
                    WriteIfGiven(writer, "environment", parsed.GetValue(environment));
                    WriteIfGiven(writer, "parentId", parsed.GetValue(parent));
                    WriteIfGiven(writer, "expires", end?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
                    writer.WriteBoolean("neverExpires", parsed.GetValue(never));
                    writer.WriteStartArray("scopes");
                    foreach (string one in parsed.GetValue(scope) ?? [])
                    {
                        writer.WriteStringValue(one);
                    }

                    writer.WriteEndArray();
                },
                cancellationToken).ConfigureAwait(false);
            HandOver(terminal, made, isJson);
        });
    }

    private static Command Rotate(Terminal terminal)
    {
        Argument<string> id = Id();
        var overlap = new Option<string?>("--overlap") { Description = "How long the former Secret is still accepted; as long as its workspace says unless given.", HelpName = "SECONDS" };
        return Make(terminal, "rotate", "Gives a KeyPair another Secret, and writes it this once; the former one is accepted for an overlap.", [id, overlap], async (api, parsed, isJson, cancellationToken) =>
        {
            int? seconds = Values.Seconds(parsed.GetValue(overlap), "--overlap", 0, LongestOverlap);
            string found = await api.FindAsync(parsed.GetValue(id)!, cancellationToken).ConfigureAwait(false);
            HandOver(terminal, await api.ChangeAsync(found, "rotate", writer => WriteIfGiven(writer, "overlapSeconds", seconds), cancellationToken).ConfigureAwait(false), isJson);
        });
    }

    private static Command Renew(Terminal terminal)
    {
        Argument<string> id = Id();
        Option<string?> expires = Expires();
        Option<bool> never = NeverExpires();
        return Make(terminal, "renew", "Gives a credential another end, or none; an expired one comes back.", [id, expires, never], async (api, parsed, isJson, cancellationToken) =>
        {
            DateTimeOffset? end = EndOf(parsed, expires, never, isRequired: true);
            string found = await api.FindAsync(parsed.GetValue(id)!, cancellationToken).ConfigureAwait(false);
            JsonElement row = await api.ChangeAsync(found, "renew", writer => writer.WriteString("expires", end?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)), cancellationToken).ConfigureAwait(false);
            Show(terminal, row, isJson);
        });
    }

    private static Command Revoke(Terminal terminal)
    {
        Argument<string> id = Id();
        var reason = new Option<string?>("--reason") { Description = "Why, for the audit.", HelpName = "TEXT" };
        var after = new Option<string?>("--after") { Description = "Revokes it in so many seconds; now unless given.", HelpName = "SECONDS" };
        return Make(terminal, "revoke", "Refuses a credential for good, and destroys its Secret, now or after a while.", [id, reason, after], async (api, parsed, isJson, cancellationToken) =>
        {
            int? seconds = Values.Seconds(parsed.GetValue(after), "--after", 0, LongestOverlap);
            string found = await api.FindAsync(parsed.GetValue(id)!, cancellationToken).ConfigureAwait(false);
            JsonElement row = await api.ChangeAsync(
                found,
                "revoke",
                writer =>
                {
                    WriteIfGiven(writer, "reason", parsed.GetValue(reason));
                    WriteIfGiven(writer, "afterSeconds", seconds);
                },
                cancellationToken).ConfigureAwait(false);
            Show(terminal, row, isJson);
        });
    }

    private static Command Plain(Terminal terminal, string change, string description)
    {
        Argument<string> id = Id();
        return Make(terminal, change, description, [id], async (api, parsed, isJson, cancellationToken) =>
        {
            string found = await api.FindAsync(parsed.GetValue(id)!, cancellationToken).ConfigureAwait(false);
            Show(terminal, await api.ChangeAsync(found, change, static _ => { }, cancellationToken).ConfigureAwait(false), isJson);
        });
    }

    private static Command Make(Terminal terminal, string name, string description, IEnumerable<Symbol> symbols, Func<ManagementApi, ParseResult, bool, CancellationToken, Task> run)
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
        command.SetAction((parsed, cancellationToken) => credentials.CallAsync(
            parsed,
            async api =>
            {
                await run(api, parsed, parsed.GetValue(json), cancellationToken).ConfigureAwait(false);
                return ExitCode.Ok;
            },
            cancellationToken));
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

    // The one moment at which the Secret is known outside of the server.
    private static void HandOver(Terminal terminal, JsonElement made, bool isJson)
    {
        JsonElement row = made.GetProperty("credential");
        string secret = KeyRow.Text(made, "text");
        bool isToken = KeyRow.Text(row, "kind") == "apiToken";
        if (isJson)
        {
            terminal.Json(writer =>
            {
                writer.WritePropertyName("credential");
                row.WriteTo(writer);
                writer.WriteString("secret", secret);
            });
        }
        else
        {
            terminal.Answer($"{"id",-7} {KeyRow.Text(row, "id")}");
            if (!isToken)
            {
                terminal.Answer($"{"key",-7} {KeyRow.Text(row, "key")}");
            }

            terminal.Answer($"{(isToken ? "token" : "secret"),-7} {secret}");
        }

        if (KeyRow.FormerSecretUntil(row) is { } until)
        {
            terminal.Say($"The former Secret is accepted until {until}.");
        }

        terminal.Say($"The {(isToken ? "token" : "Secret")} is shown this once: put it where its program reads it, such as a vault or an environment variable, and into no repository, ticket or chat.");
    }

    private static void Show(Terminal terminal, JsonElement row, bool isJson)
    {
        if (isJson)
        {
            terminal.Json(writer =>
            {
                writer.WritePropertyName("credential");
                row.WriteTo(writer);
            });
            return;
        }

        foreach (string line in KeyRow.Table([row]))
        {
            terminal.Answer(line);
        }
    }
}
