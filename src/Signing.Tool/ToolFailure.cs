namespace Signing.Tool;

/// <summary>Ends the command with a sentence for a person and a code for the shell.</summary>
internal sealed class ToolFailure(int exitCode, string sentence) : Exception(sentence)
{
    public int ExitCode => exitCode;

    /// <summary>Makes one for what its user has to write otherwise.</summary>
    public static ToolFailure Usage(string sentence) => new(Tool.ExitCode.Usage, sentence);

    /// <summary>Makes one for a value that the library does not take, in the library's words.</summary>
    public static ToolFailure Usage(ArgumentException refused) => Usage(Printable.Of(refused.Message.Split(" (Parameter")[0]));

    /// <summary>Makes one for what a server or a check refuses.</summary>
    public static ToolFailure Refused(string sentence) => new(Tool.ExitCode.Refused, sentence);
}
