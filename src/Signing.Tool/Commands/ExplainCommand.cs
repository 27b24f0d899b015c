using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Signing.Tool;

/// <summary><c>signing explain</c>: shows every step of a verifier, and names what differs and the usual cause.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string?>("FILE") { Description = "The raw HTTP/1.1 request, as the server received it, or, with --problem, as it was sent; - is the standard input.", Arity = ArgumentArity.ZeroOrOne };
        var signed = new Option<string?>("--signed") { Description = "The signature base that was signed.", HelpName = "FILE" };
        var seen = new Option<string?>("--seen") { Description = "The signature base that the server saw.", HelpName = "FILE" };
        var problem = new Option<string?>("--problem") { Description = "The refusal of a server (JSON) with a signature_base, in the place of --seen.", HelpName = "FILE" };
        var called = new Option<string?>("--called") { Description = "The address that was called, if a proxy may have passed on another.", HelpName = "URL" };
        Option<string?> scheme = SharedOptions.Scheme();
        Option<string?> receivedAt = SharedOptions.ReceivedAt();
        Option<bool> json = SharedOptions.Json();
        var command = new Command(
            "explain",
            "Explains why a signature does not match: every step of a captured request, the component that differs, the usual cause and the remedy. Exit code 1 if something differs.")
        {
            file, signed, seen, problem, called, scheme, receivedAt, json,
        };
        var keys = new KeyPairSource(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string? signedText = await ReadAsync(parsed.GetValue(signed), cancellationToken).ConfigureAwait(false);
            string? seenText = await ReadAsync(parsed.GetValue(seen), cancellationToken).ConfigureAwait(false)
                ?? await ReadProblemAsync(parsed.GetValue(problem), cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(file) is not { } request)
            {
                return Compare(terminal, signedText, seenText, parsed.GetValue(json));
            }

            RawRequest captured = RawRequest.Read(await InputFile.ReadAsync(request, cancellationToken).ConfigureAwait(false), Values.Scheme(parsed.GetValue(scheme)));
            CapturedSignature? signature = CapturedSignature.Read(captured, keys.KeyOf(parsed) ?? "");
            if (seenText is not null)
            {
                string own = (signature is null ? null : CapturedSignature.BaseOf(captured, signature.Text, new VerificationPolicy()))
                    ?? throw ToolFailure.Usage("The request has no signature base: it carries no signature, or lacks a component that it covers. Give the request as it was sent, with its signature.");
                return Compare(terminal, own, seenText, parsed.GetValue(json));
            }

            var circumstances = new RequestCircumstances
            {
                ReceivedAt = Values.Instant(parsed.GetValue(receivedAt), "--received-at") ?? TimeProvider.System.GetUtcNow(),
                CalledAddress = parsed.GetValue(called) is { } address ? AddressOf(address) : null,
                SignedBase = signedText,
            };
            RequestDiagnosis? diagnosis = null;
            if (keys.IsGiven(parsed))
            {
                KeyPair pair = await keys.ReadAsync(parsed, signature?.KeyId, cancellationToken).ConfigureAwait(false);
                diagnosis = RequestDiagnosis.Diagnose(captured, captured.Content, pair.Key, pair.Secret, circumstances);
            }

            if (parsed.GetValue(receivedAt) is null && diagnosis?.Differences.Any(difference => difference.Cause == MismatchCause.ClockOff) == true)
            {
                terminal.Say("It is taken for received now; if it was captured earlier, say when by --received-at.");
            }

            return Explain(terminal, captured, signature, diagnosis, circumstances, parsed.GetValue(json));
        });
        return command;
    }

    private static int Explain(Terminal terminal, RawRequest request, CapturedSignature? signature, RequestDiagnosis? diagnosis, RequestCircumstances circumstances, bool isJson)
    {
        string? own = signature is null ? null : CapturedSignature.BaseOf(request, signature.Text, new VerificationPolicy());
        IReadOnlyList<ComponentDifference> differences = diagnosis?.Differences ?? CompareWithoutKey(request, own, circumstances);
        string sentence = diagnosis is not null ? Printable.Of(diagnosis.Sentence)
            : differences.Count > 0 ? string.Join(' ', differences)
            : signature is null ? $"{Outcome.Of(SignatureStatus.MissingSignature).Sentence}"
            : "With the Key and its Secret (SIGNING_KEY, SIGNING_SECRET) it is also said whether the signature fits, and what was signed if it does not.";
        List<Step> steps = Steps.Of(request, signature);
        if (isJson)
        {
            terminal.Json(writer =>
            {
                writer.WriteString("status", diagnosis is null ? null : Outcome.Of(diagnosis.Status).Code);
                writer.WriteString("sentence", sentence);
                Differences.Write(writer, differences);
                writer.WriteStartArray("steps");
                foreach (Step step in steps)
                {
                    writer.WriteStartObject();
                    writer.WriteString("section", step.Section);
                    writer.WriteString("title", step.Title);
                    writer.WriteString("text", step.Text);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
        }
        else
        {
            terminal.Answer(TextOf(steps));
            terminal.Answer(diagnosis is null ? "Result" : $"Result: {Outcome.Of(diagnosis.Status).Code}");
            Say(terminal, differences, sentence);
        }

        bool isFine = diagnosis is null ? differences.Count == 0 && signature is not null : diagnosis.Status == SignatureStatus.Verified && differences.Count == 0;
        return isFine ? ExitCode.Ok : ExitCode.Refused;
    }

    // Nobody can say what was signed; but what was called and what has arrived can be compared by anybody.
    private static IReadOnlyList<ComponentDifference> CompareWithoutKey(RawRequest request, string? own, RequestCircumstances circumstances)
    {
        if (circumstances.SignedBase is { } signed)
        {
            return own is null ? [] : SignatureBaseComparison.Compare(signed, own);
        }

        if (circumstances.CalledAddress is not { } called)
        {
            return [];
        }

        (string scheme, string authority, string path, string query) = CalledTarget.Split(called);
        return SignatureBaseComparison.Compare(
            Checkup.Parts(request.MethodText, scheme, authority, path + (query == "?" ? "" : query)),
            Checkup.Parts(request.MethodText, request.SchemeText, request.AuthorityText, request.Target));
    }

    private static void Say(Terminal terminal, IReadOnlyList<ComponentDifference> differences, string sentence)
    {
        if (differences.Count == 0)
        {
            terminal.Answer($"  {sentence}");
        }

        foreach (ComponentDifference difference in differences)
        {
            terminal.Answer($"  {Printable.Of(difference.Sentence)}");
        }
    }

    private static string TextOf(List<Step> steps)
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

    private static int Compare(Terminal terminal, string? signed, string? seen, bool isJson)
    {
        if (signed is null || seen is null)
        {
            throw ToolFailure.Usage("There is nothing to explain: give a request FILE, or two signature bases by --signed and --seen (or --problem).");
        }

        IReadOnlyList<ComponentDifference> differences = SignatureBaseComparison.Compare(signed, seen);
        string sentence = differences.Count == 0
            ? "The bases are equal: the Secret differs, so one side has that of another Key or environment, one from before a rotation, or one with a line end or without its checksum; a request captured with its signature and the Secret tell which."
            : string.Join(' ', differences);
        if (isJson)
        {
            terminal.Json(writer =>
            {
                writer.WriteNull("status");
                writer.WriteString("sentence", sentence);
                Differences.Write(writer, differences);
                writer.WriteStartArray("steps");
                writer.WriteEndArray();
            });
        }
        else
        {
            foreach (string line in differences.Count == 0 ? [sentence] : differences.Select(difference => difference.Sentence))
            {
                terminal.Answer(line);
            }
        }

        return differences.Count == 0 ? ExitCode.Ok : ExitCode.Refused;
    }

    // As it was written: to resolve it would hide what a proxy resolved.
    private static string AddressOf(string text)
    {
        Values.Address(text, "--called");
        return text;
    }

    private static async Task<string?> ReadAsync(string? path, CancellationToken cancellationToken) =>
        path is null ? null : await InputFile.ReadTextAsync(path, cancellationToken).ConfigureAwait(false);

    private static async Task<string?> ReadProblemAsync(string? path, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            return null;
        }

        byte[] bytes = await InputFile.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        return Problem.Read(bytes)?.SignatureBase
            ?? throw ToolFailure.Usage("The file of --problem is no JSON object with a member signature_base; servers send one in Development, or where ShowSignatureBase is set.");
    }
}
