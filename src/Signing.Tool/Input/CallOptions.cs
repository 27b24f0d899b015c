using System.CommandLine;

namespace Signing.Tool;

/// <summary>The options of every command that calls a server: whether the exchange is shown, whether it may be plain http, and how long to wait.</summary>
internal sealed class CallOptions
{
    private const int UsualTimeout = 100;
    private const int LongestTimeout = 3600;

    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Shows the exchange on the standard error, tokens and Secrets aside." };
    private readonly Option<bool> _plain = new("--allow-plain-http") { Description = "Permits http:// to other machines, where everybody on the way reads the request." };
    private readonly Option<string?> _timeout = new("--timeout") { Description = "How many seconds to wait for an answer; 100 unless given.", HelpName = "SECONDS" };
    private readonly Terminal _terminal;

    public CallOptions(Command command, Terminal terminal)
    {
        _terminal = terminal;
        command.Options.Add(_verbose);
        command.Options.Add(_plain);
        command.Options.Add(_timeout);
    }

    /// <summary>Makes the settings of them.</summary>
    /// <exception cref="ToolFailure">The timeout is not from 1 to 3600 seconds, or the address is called by http and may not be.</exception>
    public CallSettings Read(ParseResult parsed, Uri address)
    {
        int seconds = Values.Seconds(parsed.GetValue(_timeout), "--timeout", 1, LongestTimeout) ?? UsualTimeout;
        return address is { Scheme: "http", IsLoopback: false } && !parsed.GetValue(_plain)
            ? throw ToolFailure.Usage("Requests go to other machines over https://, because over http:// everybody on the way reads them; --allow-plain-http permits it.")
            : new CallSettings(parsed.GetValue(_verbose) ? _terminal : null, TimeSpan.FromSeconds(seconds));
    }
}
