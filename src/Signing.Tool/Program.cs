using System.CommandLine;
using Signing.Client;

namespace Signing.Tool;

/// <summary>The <c>signing</c> command: reads what was asked, and turns every ending into one sentence and one exit code.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        using var terminal = new Terminal();
        using var stop = new StopSignals();
        try
        {
            return await RunAsync(args, terminal, stop.Token).ConfigureAwait(false);
        }
        catch (ToolFailure failure)
        {
            terminal.Say($"signing: {failure.Message}");
            return failure.ExitCode == ExitCode.Stopped ? stop.ExitCode : failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return stop.ExitCode;
        }
        catch (HttpRequestException exception)
        {
            terminal.Say($"signing: {Sentence(exception)}");
            return ExitCode.Refused;
        }
        catch (MessageSigningException exception)
        {
            // Nothing has been sent: what was given cannot be signed.
            terminal.Say($"signing: {exception.Message}");
            return ExitCode.Usage;
        }
        catch (FormatException exception)
        {
            // What --signed, --seen or --problem names is no signature base; the message says which and where.
            terminal.Say($"signing: {Printable.Of(exception.Message)}");
            return ExitCode.Usage;
        }
        catch (IOException unwritten)
        {
            // Of the help, which has another way out.
            terminal.Say($"signing: {Terminal.Unwritten(unwritten).Message}");
            return ExitCode.Refused;
        }
        catch (Exception exception)
        {
            // Whatever it is, its user is told by a sentence that can be reported.
            terminal.Say($"signing: {exception.GetType().Name}: {Printable.Of(exception.Message)}");
            return ExitCode.Refused;
        }
    }

    private static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        ArgumentRules.RefuseSecrets(args);
        ParseResult parsed = CommandLine.Create(terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not HelpWithExamples && ArgumentRules.ErrorOf(parsed) is { } error)
        {
            throw ToolFailure.Usage(error);
        }

        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = terminal.Text, Error = Console.Error };
        return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
    }

    // "Connection refused" stands inside.
    private static string Sentence(HttpRequestException exception) => exception switch
    {
        { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } inner } => $"There is no secure connection: {inner.Message} Check that the server speaks https at this address, and that this machine trusts its certificate.",
        { InnerException: { } inner } when !exception.Message.Contains(inner.Message, StringComparison.Ordinal) => $"{exception.Message} ({inner.Message})",
        _ => exception.Message,
    };
}
