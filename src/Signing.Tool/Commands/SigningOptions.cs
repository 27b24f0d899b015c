using System.CommandLine;

namespace Signing.Tool;

/// <summary>The options that say what a signature covers and carries.</summary>
internal sealed class SigningOptions
{
    private const int LongestLifetime = 7 * 24 * 60 * 60;

    private readonly Option<string[]> _cover = new("--cover") { Description = "A component to cover, such as @path, date or '\"@query-param\";name=\"id\"'; repeat it for each. They take the place of @method @authority @path @query.", HelpName = "COMPONENT" };
    private readonly Option<string?> _tag = new("--tag") { Description = "The tag parameter, if the API asks for one.", HelpName = "TAG" };
    private readonly Option<string?> _label = new("--label") { Description = "The label of the signature; sig unless given.", HelpName = "LABEL" };
    private readonly Option<string?> _expires = new("--expires-in") { Description = "Sets expires so many seconds after created.", HelpName = "SECONDS" };

    public SigningOptions(Command command)
    {
        command.Options.Add(_cover);
        command.Options.Add(_tag);
        command.Options.Add(_label);
        command.Options.Add(_expires);
    }

    /// <summary>Makes the policy of it.</summary>
    /// <exception cref="ToolFailure">A value is none that can be signed.</exception>
    public SigningPolicy Read(ParseResult parsed)
    {
        var usual = new SigningPolicy();
        string[] cover = parsed.GetValue(_cover) ?? [];
        var policy = new SigningPolicy
        {
            Components = cover.Length > 0 ? cover : usual.Components,
            CoverIfPresent = [.. usual.CoverIfPresent.Where(name => !cover.Contains(name, StringComparer.Ordinal))],
            Tag = parsed.GetValue(_tag),
            Label = parsed.GetValue(_label) ?? usual.Label,
            Lifetime = Values.Seconds(parsed.GetValue(_expires), "--expires-in", 1, LongestLifetime) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        try
        {
            _ = new MessageSigner(policy);
            return policy;
        }
        catch (ArgumentException exception)
        {
            throw ToolFailure.Usage(exception);
        }
    }
}
