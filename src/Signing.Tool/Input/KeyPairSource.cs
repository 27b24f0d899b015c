using System.CommandLine;
using System.Text;

namespace Signing.Tool;

/// <summary>Where the Key and the Secret of a command come from.</summary>
internal sealed class KeyPairSource
{
    private const string Variable = "SIGNING_KEY";

    private readonly Option<string?> _key = new("--key", "-k") { Description = $"The public Key (keyid); the environment variable {Variable} unless given.", HelpName = "KEY" };
    private readonly SecretSource _secret;

    public KeyPairSource(Command command)
    {
        command.Options.Add(_key);
        _secret = new SecretSource(command, "secret", "SIGNING_SECRET");
    }

    /// <summary>Says whether the command line names one of both.</summary>
    public bool IsNamed(ParseResult parsed) => parsed.GetResult(_key) is not null || _secret.IsNamed(parsed);

    /// <summary>Says whether a Key is named, or a Secret is at hand.</summary>
    public bool IsGiven(ParseResult parsed) => KeyOf(parsed) is not null || _secret.IsGiven(parsed);

    public string? KeyOf(ParseResult parsed) => parsed.GetValue(_key) ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } key ? key : null);

    /// <summary>Gets both.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="fallback">The Key if none is named, such as that of a captured signature.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ToolFailure">One is missing, or is none.</exception>
    public async Task<KeyPair> ReadAsync(ParseResult parsed, string? fallback, CancellationToken cancellationToken)
    {
        string key = KeyOf(parsed) ?? fallback ?? throw ToolFailure.Usage($"There is no Key: give --key, or set the environment variable {Variable}.");
        if (key.Length is 0 or > SignatureLimits.MaxKeyIdLength || key.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw ToolFailure.Usage($"A Key has 1 to {SignatureLimits.MaxKeyIdLength} printable ASCII characters.");
        }

        if (SecretText.Is(key))
        {
            throw ToolFailure.Usage("The Key has the form of a Secret or a token, and is sent for everybody to read: exchange Key and Secret.");
        }

        string secret = await _secret.ReadAsync(parsed, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetByteCount(secret) >= SignatureLimits.MinSecretBytes
            ? new KeyPair(key, secret)
            : throw ToolFailure.Usage($"The Secret is shorter than {SignatureLimits.MinSecretBytes} bytes: take it exactly as it was shown.");
    }
}
