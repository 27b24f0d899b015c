using System.CommandLine;
using System.Globalization;
using System.Net;

namespace Signing.Tool;

/// <summary><c>signing doctor</c>: asks a server what it saw, and says which setting to mend.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var url = new Argument<string>("URL") { Description = "Where MapSigningDiagnostics is, by the address that callers use." };
        var header = new Option<string[]>("--header", "-H") { Description = "A header field by which the policy of the diagnostics admits its caller, \"Name: value\", or @FILE with one on each line.", HelpName = "LINE" };
        Option<bool> json = SharedOptions.Json();
        var command = new Command(
            "doctor",
            "Asks a server what it saw of a request, and says which proxy setting to mend. Signed if a Key is given. Exit code 1 if something is to be mended.")
        {
            url, header, json,
        };
        var calls = new CallOptions(command, terminal);
        var signing = new SigningOptions(command);
        var keys = new KeyPairSource(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Uri address = Values.Address(parsed.GetValue(url)!, "URL");
            SigningPolicy policy = signing.Read(parsed);
            CallSettings settings = calls.Read(parsed, address);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            await HeaderLines.AddAsync(request, parsed.GetValue(header) ?? [], cancellationToken).ConfigureAwait(false);
            StatedContent.Check(SentRequest.Of(request), []);
            KeyPair? pair = keys.IsGiven(parsed) ? await keys.ReadAsync(parsed, fallback: null, cancellationToken).ConfigureAwait(false) : null;
            using Caller caller = Caller.Create(pair, policy, settings);
            using HttpResponseMessage response = await caller.SendAsync(request, cancellationToken).ConfigureAwait(false);
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            ServerView view = (response.StatusCode == HttpStatusCode.OK ? ServerView.Read(body) : null) ?? throw Refusal(response, body, pair is not null);
            Checkup checkup = Checkup.Of(caller.Exchange.Sent!, caller.Exchange.Times, view, pair is not null);
            if (parsed.GetValue(json))
            {
                WriteJson(terminal, address, view, checkup);
            }
            else
            {
                WriteText(terminal, view, checkup, pair is not null);
            }

            return checkup.Advice.Count == 0 ? ExitCode.Ok : ExitCode.Refused;
        });
        return command;
    }

    private static ToolFailure Refusal(HttpResponseMessage response, byte[] body, bool isSigned)
    {
        int status = (int)response.StatusCode;
        string said = Problem.Said(Problem.Read(body));
        return ToolFailure.Refused(Redirect.SentenceOf(response) ?? status switch
        {
            200 => "What answers at this address is no diagnostics of Signing; map them on the server: app.MapSigningDiagnostics(\"/signing/diagnostics\").",
            404 => "There are no diagnostics at this address (404); map them on the server: app.MapSigningDiagnostics(\"/signing/diagnostics\"), and check whether a proxy takes a prefix off the path.",
            401 or 403 => $"The server does not tell this caller what it saw ({status}){said} {(isSigned ? "Outside" : "Give a Key and its Secret; outside")} Development the diagnostics want a caller whom their policy admits.",
            _ => $"The server answered {status}{said}",
        });
    }

    private static void WriteText(Terminal terminal, ServerView view, Checkup checkup, bool isSigned)
    {
        terminal.Answer($"status     {Printable.Of(view.Status)}{(isSigned ? "" : " (nothing was signed: give a Key for the whole check-up)")}");
        terminal.Answer($"seen       {Printable.Of($"{view.Method} {view.Scheme}://{view.Authority}{view.Target}")}");
        terminal.Answer($"origin     {Printable.Of(view.PublicOrigin ?? "not set")}");
        terminal.Answer($"forwarded  {Printable.Of(view.Forwarded.Count == 0 ? "nothing" : string.Join(", ", view.Forwarded))}");
        terminal.Answer(string.Create(CultureInfo.InvariantCulture, $"clock      {checkup.ClockOffset.TotalSeconds:+0.0;-0.0;0.0} s"));
        terminal.Answer($"covered    {Printable.Of(view.Covered.Count == 0 ? "nothing" : string.Join(' ', view.Covered))}");
        foreach (string sentence in checkup.Advice)
        {
            terminal.Answer($"mend       {Printable.Of(sentence)}");
        }

        if (checkup.Advice.Count == 0)
        {
            terminal.Answer("           Nothing is to be mended.");
        }
    }

    private static void WriteJson(Terminal terminal, Uri address, ServerView view, Checkup checkup) => terminal.Json(writer =>
    {
        writer.WriteString("url", address.AbsoluteUri);
        writer.WriteBoolean("ok", checkup.Advice.Count == 0);
        writer.WriteString("status", view.Status);
        writer.WriteNumber("clock_offset_seconds", Math.Round(checkup.ClockOffset.TotalSeconds, 3));
        Differences.Write(writer, checkup.Differences);
        writer.WriteStartArray("advice");
        foreach (string sentence in checkup.Advice)
        {
            writer.WriteStringValue(sentence);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("answer");
        view.Json.WriteTo(writer);
    });
}
