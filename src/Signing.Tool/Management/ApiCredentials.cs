using System.CommandLine;

namespace Signing.Tool;

/// <summary>Where the admin API is and who asks it: every command about keys has these options.</summary>
internal sealed class ApiCredentials
{
    private const string Variable = "SIGNING_SERVER";

    private readonly Option<string?> _server = new("--server") { Description = $"The address of MapSigningManagement, such as https://ops.example.com/signing; the environment variable {Variable} unless given.", HelpName = "URL" };
    private readonly CallOptions _calls;
    private readonly KeyPairSource _keys;
    private readonly SecretSource _token;

    public ApiCredentials(Command command, Terminal terminal)
    {
        command.Options.Add(_server);
        _calls = new CallOptions(command, terminal);
        _keys = new KeyPairSource(command);
        _token = new SecretSource(command, "token", "SIGNING_TOKEN");
    }

    /// <summary>Calls the admin API, as the holder of an ApiToken if one is at hand and the command names no Key, else signed.</summary>
    public async Task CallAsync(ParseResult parsed, Func<ManagementApi, Task> call, CancellationToken cancellationToken)
    {
        string text = parsed.GetValue(_server) ?? Environment.GetEnvironmentVariable(Variable) ?? throw ToolFailure.Usage($"There is no server: give --server, or set the environment variable {Variable}.");
        Uri server = Values.Address(text, "--server");
        CallSettings settings = _calls.Read(parsed, server);
        if (_token.IsNamed(parsed) && _keys.IsNamed(parsed))
        {
            throw ToolFailure.Usage("A token and a Key with its Secret both say who calls: give one of them.");
        }

        // What stands in the command is meant; what stands in the environment may have been meant for another.
        bool hasToken = !_keys.IsNamed(parsed) && _token.IsGiven(parsed);
        string? token = hasToken ? await _token.ReadAsync(parsed, cancellationToken).ConfigureAwait(false) : null;
        if (token is not null && token.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw ToolFailure.Usage("The token holds a space, a line end or another character that no token has.");
        }

        KeyPair? pair = hasToken ? null : await _keys.ReadAsync(parsed, fallback: null, cancellationToken).ConfigureAwait(false);
        using Caller caller = Caller.Create(pair, policy: null, settings);
        await call(new ManagementApi(caller, server, token)).ConfigureAwait(false);
    }
}
