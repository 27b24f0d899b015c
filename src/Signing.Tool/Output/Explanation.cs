using System.Globalization;
using System.Text;

namespace Signing.Tool;

/// <summary>What is found out about a mismatch: the steps of a verifier, what differs, and all of it in a sentence.</summary>
/// <param name="Status">The outcome of verifying the request; <see langword="null"/> if there is no key or no request to do so.</param>
/// <param name="Sentence">What is said where nothing differs, and the whole answer for programs.</param>
/// <param name="Differences">What differs.</param>
/// <param name="Steps">The steps; none if there is no request.</param>
internal sealed record Explanation(SignatureStatus? Status, string Sentence, IReadOnlyList<ComponentDifference> Differences, IReadOnlyList<Step> Steps)
{
    /// <summary>Whether nothing is wrong.</summary>
    public required bool IsFine { get; init; }

    /// <summary>Writes it for a person.</summary>
    public void WriteText(Terminal terminal)
    {
        string indent = "";
        if (Steps.Count > 0)
        {
            terminal.Answer(TextOf(Steps));
            terminal.Answer(Status is { } status ? $"Result: {Outcome.Of(status).Code}" : "Result");
            indent = "  ";
        }

        foreach (string sentence in Differences.Count == 0 ? [Sentence] : Differences.Select(difference => difference.Sentence))
        {
            terminal.Answer($"{indent}{Printable.Of(sentence)}");
        }
    }

    /// <summary>Writes it for a program.</summary>
    public void WriteJson(Terminal terminal) => terminal.Json(writer =>
    {
        writer.WriteString("status", Status is { } status ? Outcome.Of(status).Code : null);
        writer.WriteString("sentence", Sentence);
        Tool.Differences.Write(writer, Differences);
        writer.WriteStartArray("steps");
        foreach (Step step in Steps)
        {
            writer.WriteStartObject();
            writer.WriteString("section", step.Section);
            writer.WriteString("title", step.Title);
            writer.WriteString("text", step.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static string TextOf(IEnumerable<Step> steps)
    {
        var text = new StringBuilder();
        foreach (Step step in steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"{step.Section,-15} {Printable.Of(step.Title)}\n");
            foreach (string line in step.Text.Split('\n'))
            {
                text.Append(CultureInfo.InvariantCulture, $"    {Printable.Of(line)}\n");
            }
        }

        return text.ToString();
    }
}
