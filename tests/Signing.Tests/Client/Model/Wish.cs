using Signing.Tests.Fuzz;

namespace Signing.Tests.Client.Model;

/// <summary>An <c>Accept-Signature</c> that was drawn, as text and as what a client may take from it.</summary>
internal sealed class Wish
{
    private static readonly string[] Names =
        ["@method", "@authority", "@path", "@query", "@scheme", "@target-uri", "@request-target", "x-a", "x-b", "x-c", "x-absent", "content-digest", "content-type", "authorization"];

    // RFC 9421 §5, protocol A3, DESIGN: what cannot be asked of a request, or is nobody's to ask.
    private static readonly string[] Ignored =
        ["\"x-a\";req", "\"x-a\";tr", "\"@query-param\";name=\"q\"", "\"@unknown\"", "\"X-B\"", "\"host\"", "\"signature\"", "\"signature-input\"", "\"cookie\"", "\"\"", "\"@query-param\"", "\"x-a\";bs", "\"connection\""];

    // Whoever cannot give these leaves the member to somebody else.
    private static readonly string[] Foreign = ["\"@status\"", "x-a", "7", ":YQ==:"];

    public static Wish None { get; } = new([], []);

    private Wish(string[] lines, Member[] members)
    {
        Lines = lines;
        Members = members;
    }

    public string[] Lines { get; }

    /// <summary>Gets the members that could be meant for us, in order; none if the field is malformed.</summary>
    public Member[] Members { get; }

    public static Wish For(params string[] components) =>
        new([$"sig=({string.Join(' ', components.Select(Quote))});created;keyid=\"theirs\""], [new Member(null, components)]);

    public static Wish Random(Draw draw)
    {
        var members = new List<Member>();
        var texts = new List<string>();
        var labels = new List<string> { "sig", "a", "b", "c" };
        for (int i = draw.Of(1, 1, 1, 2, 3); i > 0; i--)
        {
            string label = labels[draw.Below(labels.Count)];
            labels.Remove(label);
            texts.Add($"{label}={Value(draw, out Member? member)}");
            members.AddRange(member is null ? [] : [member]);
        }

        bool isMalformed = draw.OneIn(12);
        string text = string.Join(", ", texts);
        if (isMalformed)
        {
            text = draw.Of(text + ",", text + ", z", text + ", z=1", text + ", z=(\"x-a\"", "A" + text, text + ";", text + ", z=\"x-a\"", texts[0] + ", " + texts[0]);
        }

        if (draw.OneIn(25))
        {
            text += $", long=();tag=\"{new string('l', 250)}\"" + string.Concat(Enumerable.Repeat($", long=();tag=\"{new string('l', 250)}\"", 9).Select((part, i) => part.Replace("long", $"long{i}", StringComparison.Ordinal)));
            isMalformed = true;
        }

        int cut = draw.OneIn(2) ? -1 : text.IndexOf(", ", StringComparison.Ordinal);
        string[] lines = cut < 0 ? [text] : [text[..cut], text[(cut + 2)..]];
        return new Wish(lines, isMalformed ? [] : [.. members]);
    }

    private static string Value(Draw draw, out Member? member)
    {
        var asked = new List<string>();
        var items = new List<string>();
        bool suits = true;
        for (int i = draw.Of(0, 1, 2, 4, 10, 14); i > 0; i--)
        {
            if (draw.OneIn(8))
            {
                items.Add(draw.Of<string>(Ignored));
                continue;
            }

            if (draw.OneIn(40))
            {
                items.Add(draw.Of<string>(Foreign));
                suits = false;
                continue;
            }

            string name = draw.OneIn(3) ? $"x-{draw.Below(30)}" : draw.Of<string>(Names);
            items.Add(Quote(name));
            asked.Add(name);
        }

        string? tag = draw.OneIn(4) ? draw.Of("mine", "other", "a\\b") : null;
        string parameters = string.Concat(Enumerable.Range(0, draw.Below(3)).Select(_ => draw.Of(";created", ";expires", ";keyid=\"theirs\"", ";nonce=\"theirs\"", ";alg=\"hmac-sha256\"", ";unknown=1")));
        if (draw.OneIn(12))
        {
            parameters += draw.Of(";alg=\"ed25519\"", ";alg=hmac-sha256", ";alg", ";tag", ";tag=1");
            suits = false;
        }

        parameters += tag is null ? "" : $";tag=\"{tag.Replace("\\", "\\\\", StringComparison.Ordinal)}\"";
        member = suits ? new Member(tag, [.. asked]) : null;
        return $"({string.Join(' ', items)}){parameters}";
    }

    private static string Quote(string name) => $"\"{name}\"";

    /// <summary>One member that a client of its tag may follow.</summary>
    internal sealed record Member(string? Tag, string[] Components);
}
