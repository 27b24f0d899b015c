using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Signing.Tool;

/// <summary>The usual help of a command, and below it what its user will want to copy.</summary>
internal sealed class HelpWithExamples(HelpAction plain, Func<string, string?> examplesOf) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        plain.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (examplesOf(parseResult.CommandResult.Command.Name) is { } examples)
        {
            output.WriteLine("Examples:");
            foreach (string line in examples.ReplaceLineEndings("\n").Split('\n'))
            {
                output.WriteLine($"  {line}");
            }

            output.WriteLine();
        }

        output.Flush();
        return ExitCode.Ok;
    }
}
