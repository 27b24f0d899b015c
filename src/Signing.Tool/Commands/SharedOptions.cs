using System.CommandLine;

namespace Signing.Tool;

/// <summary>Options that several commands have, each with the same words.</summary>
internal static class SharedOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Writes the answer as one JSON object." };

    public static Option<string?> Scheme() => new("--scheme") { Description = "The scheme by which the request is called: https (unless given) or http.", HelpName = "SCHEME" };

    public static Argument<string> File() => new("FILE") { Description = "The raw HTTP/1.1 request; - is the standard input." };

    public static Option<string?> ReceivedAt() => new("--received-at") { Description = "When the server received the request; now unless given.", HelpName = "INSTANT" };
}
