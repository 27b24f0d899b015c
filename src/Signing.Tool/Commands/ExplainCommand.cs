using System.CommandLine;

namespace Signing.Tool;

/// <summary><c>signing explain</c>: shows every step of a verifier, and names what differs and the usual cause.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string?>("FILE") { Description = "The raw HTTP/1.1 request, as the server received it, or, with --problem, as it was sent; or what curl -v writes. - is the standard input.", Arity = ArgumentArity.ZeroOrOne };
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
            if (parsed.GetValue(problem) is not null && parsed.GetValue(seen) is not null)
            {
                throw ToolFailure.Usage("--seen and --problem both say what the server saw: give one of them.");
            }

            if (parsed.GetValue(file) is not null && parsed.GetValue(signed) is not null && (parsed.GetValue(problem) ?? parsed.GetValue(seen)) is not null)
            {
                throw ToolFailure.Usage("FILE and --signed both say what was signed: give one of them beside --seen or --problem.");
            }

            string by = Values.Scheme(parsed.GetValue(scheme));
            DateTimeOffset? at = Values.Instant(parsed.GetValue(receivedAt), "--received-at");
            string? address = parsed.GetValue(called) is { } url ? AddressOf(url) : null;
            string? signedText = await ReadAsync(parsed.GetValue(signed), cancellationToken).ConfigureAwait(false);
            string? seenText = await ReadAsync(parsed.GetValue(seen), cancellationToken).ConfigureAwait(false)
                ?? await ReadProblemAsync(parsed.GetValue(problem), cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(file) is not { } path)
            {
                return Write(terminal, Compare(signedText, seenText), parsed.GetValue(json));
            }

            RawRequest request = RawRequest.Read(await InputFile.ReadAsync(path, cancellationToken).ConfigureAwait(false), by);
            CarriedSignature carried = CarriedSignature.Of(request, keys.KeyOf(parsed));
            if (seenText is not null)
            {
                string own = carried.Base
                    ?? throw ToolFailure.Usage("The request has no signature base: it carries no signature, or lacks a component that it covers. Give the request as it was sent, with its signature.");
                return Write(terminal, Compare(own, seenText), parsed.GetValue(json));
            }

            var circumstances = new RequestCircumstances
            {
                ReceivedAt = at ?? TimeProvider.System.GetUtcNow(),
                CalledAddress = address,
                SignedBase = signedText,
            };
            if (!keys.IsGiven(parsed))
            {
                return Write(terminal, ExplainWithoutKey(request, carried, circumstances), parsed.GetValue(json));
            }

            KeyPair pair = await keys.ReadAsync(parsed, carried.Signature?.KeyId, cancellationToken).ConfigureAwait(false);
            var diagnosis = RequestDiagnosis.Diagnose(request, request.Content, pair.Key, pair.Secret, circumstances);
            if (at is null && diagnosis.Differences.Any(difference => difference.Cause == MismatchCause.ClockOff))
            {
                terminal.Say("It is taken for received now; if it was captured earlier, say when by --received-at.");
            }

            var explanation = new Explanation(diagnosis.Status, diagnosis.Sentence, diagnosis.Differences, Steps.Of(request, carried))
            {
                IsFine = diagnosis.Status == SignatureStatus.Verified && diagnosis.Differences.Count == 0,
            };
            return Write(terminal, explanation, parsed.GetValue(json));
        });
        return command;
    }

    private static int Write(Terminal terminal, Explanation explanation, bool isJson)
    {
        if (isJson)
        {
            explanation.WriteJson(terminal);
        }
        else
        {
            explanation.WriteText(terminal);
        }

        return explanation.IsFine ? ExitCode.Ok : ExitCode.Refused;
    }

    private static Explanation ExplainWithoutKey(RawRequest request, CarriedSignature carried, RequestCircumstances circumstances)
    {
        IReadOnlyList<ComponentDifference> differences = CompareWithoutKey(request, carried, circumstances);
        string sentence = differences.Count > 0 ? string.Join(' ', differences)
            : carried.Signature is null ? Outcome.Of(carried.IsInUrl ? SignatureStatus.MalformedSignature : SignatureStatus.MissingSignature).Sentence
            : "With the Key and its Secret (SIGNING_KEY, SIGNING_SECRET) it is also said whether the signature fits, and what was signed if it does not.";
        return new Explanation(null, sentence, differences, Steps.Of(request, carried)) { IsFine = differences.Count == 0 && carried.Signature is not null };
    }

    // Nobody can say what was signed; but what was called and what has arrived can be compared by anybody.
    private static IReadOnlyList<ComponentDifference> CompareWithoutKey(RawRequest request, CarriedSignature carried, RequestCircumstances circumstances)
    {
        if (circumstances.SignedBase is { } signed)
        {
            return carried.Base is null ? [] : SignatureBaseComparison.Compare(signed, carried.Base);
        }

        if (circumstances.CalledAddress is not { } called)
        {
            return [];
        }

        (string scheme, string authority, string path, string query) = CalledTarget.Split(called);
        return SignatureBaseComparison.Compare(
            UnsignedBase.Of(request.MethodText, scheme, authority, path + (query == "?" ? "" : query)),
            UnsignedBase.Of(request.MethodText, request.SchemeText, request.AuthorityText, request.Target));
    }

    private static Explanation Compare(string? signed, string? seen)
    {
        if (signed is null || seen is null)
        {
            throw ToolFailure.Usage("There is nothing to explain: give a request FILE, or two signature bases by --signed and --seen (or --problem).");
        }

        IReadOnlyList<ComponentDifference> differences = SignatureBaseComparison.Compare(signed, seen);
        string sentence = differences.Count == 0
            ? "The bases are equal: the Secret differs, so one side has that of another Key or environment, one from before a rotation, or one with a line end or without its checksum; a request captured with its signature and the Secret tell which."
            : string.Join(' ', differences);
        return new Explanation(null, sentence, differences, []) { IsFine = differences.Count == 0 };
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
