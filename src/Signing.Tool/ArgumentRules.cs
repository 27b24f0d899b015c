using System.CommandLine;
using System.CommandLine.Parsing;

namespace Signing.Tool;

/// <summary>Keeps Secrets out of arguments, which every user of the machine can read and every shell remembers, and says in one sentence what was not understood.</summary>
internal static class ArgumentRules
{
    private const int ShortestRandom = 20;
    private const string Remedy =
        "Secrets are not taken from arguments, which others on this machine can read and the shell remembers. Put it into the environment variable SIGNING_SECRET (a token: SIGNING_TOKEN), or into a file and name it by --secret-file (--token-file), or leave it out and be asked.";

    private static readonly string[] SecretOptions = ["--secret", "--password", "--token", "--api-key", "--user", "-u"];
    private static readonly string[] SecretFields = ["authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "apikey"];
    private static readonly string[] SecretParts = ["token", "secret", "password"];
    private static readonly string[] Kinds = ["_secret_", "_token_", "_sharing_", "_access_", "_refresh_"];

    /// <summary>Refuses arguments that hold a Secret, without repeating them.</summary>
    /// <exception cref="ToolFailure">One does.</exception>
    public static void RefuseSecrets(string[] args)
    {
        foreach (string argument in args)
        {
            string name = argument.Split('=')[0];
            if (SecretOptions.Contains(name, StringComparer.Ordinal) || Array.Exists(Kinds, kind => HoldsSecret(argument, kind)))
            {
                throw ToolFailure.Usage(Remedy);
            }

            if (IsSecretField(argument))
            {
                throw ToolFailure.Usage("A header field with a credential is not taken from an argument, which others on this machine can read. Write the line into a file and give -H @FILE.");
            }
        }
    }

    /// <summary>Says what of a command line was not understood; nothing that may be a value is repeated.</summary>
    public static string? ErrorOf(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0 && OptionInPlace(parsed) is null)
        {
            return null;
        }

        string command = string.Join(' ', CommandNames(parsed));
        return $"{Sentence(parsed, command)} See \"{command} --help\".";
    }

    private static string Sentence(ParseResult parsed, string command)
    {
        if ((OptionInPlace(parsed) ?? parsed.UnmatchedTokens.FirstOrDefault(IsOption)) is { } option)
        {
            return $"There is no option {Printable.Of(option.Split('=')[0])} of \"{command}\".";
        }

        if (parsed.CommandResult.Command.Subcommands is { Count: > 0 } commands)
        {
            return $"\"{command}\" wants one of its commands: {string.Join(", ", commands.Select(one => one.Name))}.";
        }

        return parsed.UnmatchedTokens.Count switch
        {
            0 => parsed.Errors[0].Message,
            1 => $"\"{command}\" was given 1 argument that it does not take.",
            var count => $"\"{command}\" was given {count} arguments that it does not take.",
        };
    }

    // An option that the command does not have is taken for its FILE or ID; behind a lone -- it may be one.
    private static string? OptionInPlace(ParseResult parsed) => parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
        ? null
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value).FirstOrDefault(IsOption);

    private static bool IsOption(string token) => token.StartsWith('-') && token.Length > 1;

    // A header field by its name: after -H, in one with it, or behind --header=.
    private static bool IsSecretField(string argument)
    {
        ReadOnlySpan<char> line = argument;
        line = line.StartsWith("--header=") ? line["--header=".Length..] : line.StartsWith("-H") ? line[2..].TrimStart("=:") : line;
        int colon = line.IndexOf(':');
        if (colon <= 0 || line[colon..].StartsWith("://"))
        {
            return false;
        }

        string name = line[..colon].Trim().ToString().ToLowerInvariant();
        return !name.Contains(' ', StringComparison.Ordinal)
            && (SecretFields.Contains(name, StringComparer.Ordinal) || Array.Exists(SecretParts, part => name.Contains(part, StringComparison.Ordinal)));
    }

    private static bool HoldsSecret(string argument, string kind)
    {
        int at = argument.IndexOf(kind, StringComparison.Ordinal);
        if (at < 1)
        {
            return false;
        }

        // The random characters are the last of it.
        int run = 0;
        foreach (char c in argument.AsSpan(at + kind.Length))
        {
            run = char.IsAsciiLetterOrDigit(c) ? run + 1 : 0;
            if (run >= ShortestRandom)
            {
                return true;
            }
        }

        return false;
    }

    private static List<string> CommandNames(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
        {
            names.Insert(0, result.Command is RootCommand ? "signing" : result.Command.Name);
        }

        return names;
    }
}
