using System.CommandLine;
using System.Text;

namespace Signing.Tool;

/// <summary>Where a Secret or token comes from: a file, an environment variable, or the person at the keyboard; never an argument.</summary>
internal sealed class SecretSource
{
    private readonly string _what;
    private readonly Option<string?> _file;
    private readonly Option<string?> _variable;
    private readonly string _usualVariable;

    public SecretSource(Command command, string what, string usualVariable)
    {
        _what = what;
        _usualVariable = usualVariable;
        _file = new Option<string?>($"--{what}-file") { Description = $"The file that holds the {Title} and nothing else; a line end at its end does not count.", HelpName = "FILE" };
        _variable = new Option<string?>($"--{what}-env") { Description = $"The environment variable that holds the {Title}; {usualVariable} unless given.", HelpName = "NAME" };
        command.Options.Add(_file);
        command.Options.Add(_variable);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_file) is not null && result.GetResult(_variable) is not null)
            {
                result.AddError($"--{what}-file and --{what}-env both say where the {Title} is: give one of them.");
            }
        });
    }

    private string Title => _what == "secret" ? "Secret" : "token";

    /// <summary>Says whether the command line names one.</summary>
    public bool IsNamed(ParseResult parsed) => parsed.GetResult(_file) is not null || parsed.GetResult(_variable) is not null;

    /// <summary>Says whether there is one without asking anybody.</summary>
    public bool IsGiven(ParseResult parsed) =>
        IsNamed(parsed) || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(_usualVariable));

    /// <summary>Gets it, and asks for it if it is nowhere and somebody sits there.</summary>
    /// <exception cref="ToolFailure">It is nowhere, or it is empty.</exception>
    public async Task<string> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_file) is { } file)
        {
            if (file == "-")
            {
                throw ToolFailure.Usage($"--{_what}-file wants a file; the standard input is for the request.");
            }

            string text = await InputFile.ReadTextAsync(file, cancellationToken).ConfigureAwait(false);
            text = text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
            return text.Length > 0 ? text : throw ToolFailure.Usage($"The file of --{_what}-file is empty.");
        }

        string variable = parsed.GetValue(_variable) ?? _usualVariable;
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
        {
            return value;
        }

        if (parsed.GetValue(_variable) is not null)
        {
            throw ToolFailure.Usage($"There is no environment variable {Printable.Of(variable)}, or it is empty.");
        }

        return Console.IsInputRedirected
            ? throw ToolFailure.Usage($"There is no {Title}: set the environment variable {_usualVariable}, or name a file by --{_what}-file.")
            : await AskAsync(cancellationToken).ConfigureAwait(false);
    }

    // On a thread of its own: nothing ends the wait for a key, and Ctrl+C is heard only beside it.
    private async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(Ask, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The question stands there without a line end.
            Console.Error.WriteLine();
            throw;
        }
    }

    private string Ask()
    {
        // The terminal is made ready before the question, so that it echoes nothing of a quick answer.
        _ = Console.KeyAvailable;
        Console.Error.Write($"{Title}: ");
        var typed = new StringBuilder();
        for (ConsoleKeyInfo key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(typed.Length - 1, 0);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.Length > 0 ? typed.ToString() : throw ToolFailure.Usage($"No {Title} was typed.");
    }
}
