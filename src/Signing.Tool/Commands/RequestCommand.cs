using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Signing.Tool;

/// <summary><c>signing request</c>: a signed curl.</summary>
internal static class RequestCommand
{
    private const int FirstFailure = 400;

    public static Command Create(Terminal terminal)
    {
        var url = new Argument<string>("URL") { Description = "The address to call." };
        var method = new Option<string?>("--method", "-X") { Description = "The method; GET unless given, POST with a body.", HelpName = "METHOD" };
        var header = new Option<string[]>("--header", "-H") { Description = "A header field, \"Name: value\", or @FILE with one on each line; repeat it for each.", HelpName = "LINE" };
        var data = new Option<string?>("--data", "-d") { Description = "The file with the body, sent as it is; - is the standard input. Its Content-Type is application/json if the file is named so (.json), else application/octet-stream, unless -H says.", HelpName = "FILE" };
        Option<bool> json = SharedOptions.Json();
        var command = new Command("request", "Sends one signed request and writes the body of the answer. Exit code 1 for an answer of 400 and above.") { url, method, header, data, json };
        var calls = new CallOptions(command, terminal);
        var signing = new SigningOptions(command);
        var keys = new KeyPairSource(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Uri address = Values.Address(parsed.GetValue(url)!, "URL");
            SigningPolicy policy = signing.Read(parsed);
            CallSettings settings = calls.Read(parsed, address);
            string? verb = VerbOf(parsed.GetValue(method));
            byte[]? body = parsed.GetValue(data) is { } file ? await InputFile.ReadAsync(file, cancellationToken).ConfigureAwait(false) : null;
            using HttpRequestMessage request = Draft(address, verb, body, parsed.GetValue(data));
            await HeaderLines.AddAsync(request, parsed.GetValue(header) ?? [], cancellationToken).ConfigureAwait(false);
            StatedContent.Check(SentRequest.Of(request), body ?? []);
            KeyPair pair = await keys.ReadAsync(parsed, fallback: null, cancellationToken).ConfigureAwait(false);
            using Caller caller = Caller.Create(pair, policy, settings);
            using HttpResponseMessage response = await caller.SendAsync(request, cancellationToken).ConfigureAwait(false);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            Problem? problem = (int)response.StatusCode >= FirstFailure ? Problem.Read(answer) : null;

            // In Development a server tells what it saw.
            IReadOnlyList<ComponentDifference>? differences = CarriedSignature.Of(caller.Exchange.Sent!, pair.Key).CompareWith(problem?.SignatureBase);
            Answer(terminal, response, answer, problem, differences, parsed.GetValue(json));
            return (int)response.StatusCode >= FirstFailure ? ExitCode.Refused : ExitCode.Ok;
        });
        return command;
    }

    private static string? VerbOf(string? method) => method is not null && !Values.IsToken(method)
        ? throw ToolFailure.Usage("--method wants the name of a method, such as PUT.")
        : method;

    private static HttpRequestMessage Draft(Uri address, string? verb, byte[]? body, string? file)
    {
        var request = new HttpRequestMessage(new HttpMethod(verb ?? (body is null ? "GET" : "POST")), address);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(file!.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? "application/json" : "application/octet-stream");
        }

        return request;
    }

    private static void Answer(Terminal terminal, HttpResponseMessage response, byte[] body, Problem? problem, IReadOnlyList<ComponentDifference>? differences, bool isJson)
    {
        if (isJson)
        {
            WriteJson(terminal, response, body, problem, differences);
            return;
        }

        terminal.Write(body);
        if (Redirect.SentenceOf(response) is { } elsewhere)
        {
            terminal.Say($"signing: {elsewhere}");
        }

        if ((int)response.StatusCode >= FirstFailure)
        {
            Explain(terminal, response, problem, differences);
        }
    }

    private static void WriteJson(Terminal terminal, HttpResponseMessage response, byte[] body, Problem? problem, IReadOnlyList<ComponentDifference>? differences) =>
        terminal.Json(writer =>
        {
            writer.WriteNumber("status", (int)response.StatusCode);
            writer.WriteStartObject("headers");
            foreach ((string name, HeaderStringValues lines) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
            {
                writer.WriteString(name.ToLowerInvariant(), lines.ToString());
            }

            writer.WriteEndObject();
            WriteBody(writer, body);
            writer.WriteString("code", problem?.Code);
            Differences.Write(writer, differences ?? []);
        });

    private static void Explain(Terminal terminal, HttpResponseMessage response, Problem? problem, IReadOnlyList<ComponentDifference>? differences)
    {
        string wait = response.Headers.NonValidated.TryGetValues("Retry-After", out HeaderStringValues after) ? $" Retry-After: {Printable.Of(after.ToString())}" : "";
        terminal.Say($"signing: The server answered {(int)response.StatusCode}{Problem.Said(problem)}{wait}");
        if (response.Headers.NonValidated.TryGetValues("Accept-Signature", out HeaderStringValues wanted))
        {
            terminal.Say($"Accept-Signature: {Printable.Of(wanted.ToString())}");
        }

        foreach (ComponentDifference difference in differences ?? [])
        {
            terminal.Say(difference.Sentence);
        }

        if (differences is { Count: 0 })
        {
            terminal.Say("The signature base of the server and that of this request are equal: the Secret differs, or the server does not know this Key.");
        }
    }

    private static void WriteBody(Utf8JsonWriter writer, byte[] body)
    {
        try
        {
            writer.WriteString("body", new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body));
            writer.WriteNull("body_base64");
        }
        catch (DecoderFallbackException)
        {
            writer.WriteNull("body");
            writer.WriteBase64String("body_base64", body);
        }
    }
}
