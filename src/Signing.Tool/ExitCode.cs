namespace Signing.Tool;

/// <summary>What the command tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>Done, verified, or no difference.</summary>
    public const int Ok = 0;

    /// <summary>Not verified, refused by the server, a difference was found, the server could not be reached, or the answer could not be written.</summary>
    public const int Refused = 1;

    /// <summary>The command was not understood, or a file or value that it names is not what it should be.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C; <see cref="Terminated"/> where it was SIGTERM.</summary>
    public const int Stopped = 130;

    /// <summary>Stopped by SIGTERM.</summary>
    public const int Terminated = 143;
}
