using System.CommandLine;

namespace Signing.Tool;

/// <summary>Where the admin API is and who asks it: every command about keys has these options.</summary>
internal sealed class ApiCredentials
{
    private const string Variable = "SIGNING_SERVER";

    private readonly Option<string?> _server = new("--server") { Description = $"The address of MapSigningManagement, such as https://ops.example.com/signing; the environment variable {Variable} unless given.", HelpName = "URL" };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Shows the exchange on the standard error, without what is secret in it." };
    private readonly Option<bool> _plain = SharedOptions.AllowPlainHttp();
    private readonly Option<string?> _timeout = SharedOptions.Timeout();
    private readonly Terminal _terminal;
    private readonly KeyPairSource _keys;
    private readonly SecretSource _token;

    public ApiCredentials(Command command, Terminal terminal)
    {
        _terminal = terminal;
        command.Options.Add(_server);
        command.Options.Add(_verbose);
        command.Options.Add(_plain);
        command.Options.Add(_timeout);
        _keys = new KeyPairSource(command);
        _token = new SecretSource(command, "token", "SIGNING_TOKEN");
    }

    /// <summary>Calls the admin API, as the holder of an ApiToken if one is at hand, else signed.</summary>
    public async Task CallAsync(ParseResult parsed, Func<ManagementApi, Task> call, CancellationToken cancellationToken)
    {
        string text = parsed.GetValue(_server) ?? Environment.GetEnvironmentVariable(Variable) ?? throw ToolFailure.Usage($"There is no server: give --server, or set the environment variable {Variable}.");
        Uri server = Values.Address(text, "--server");
        TimeSpan wait = SharedOptions.TimeoutOf(parsed.GetValue(_timeout));
        bool hasToken = _token.IsGiven(parsed);
        string? token = hasToken ? await _token.ReadAsync(parsed, cancellationToken).ConfigureAwait(false) : null;
        if (token is not null && token.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw ToolFailure.Usage("The token holds a space, a line end or another character that no token has.");
        }

        KeyPair? pair = hasToken ? null : await _keys.ReadAsync(parsed, fallback: null, cancellationToken).ConfigureAwait(false);
        using Caller caller = Caller.Create(pair, policy: null, parsed.GetValue(_verbose) ? _terminal : null, parsed.GetValue(_plain), wait);
        await call(new ManagementApi(caller, server, token)).ConfigureAwait(false);
    }
}
