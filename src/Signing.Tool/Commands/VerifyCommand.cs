using System.CommandLine;
using System.Text.Json;

namespace Signing.Tool;

/// <summary><c>signing verify</c>: judges a raw request as a server would, its replay memory aside.</summary>
internal static class VerifyCommand
{
    private const int LongestAge = 24 * 60 * 60;

    public static Command Create(Terminal terminal)
    {
        Argument<string> file = SharedOptions.File();
        Option<string?> scheme = SharedOptions.Scheme();
        Option<string?> receivedAt = SharedOptions.ReceivedAt();
        var require = new Option<string[]>("--require") { Description = "A component that must be covered; repeat it for each. They take the place of @method @authority @path @query.", HelpName = "COMPONENT" };
        var tag = new Option<string?>("--tag") { Description = "The tag that the signature must have.", HelpName = "TAG" };
        var maxAge = new Option<string?>("--max-age") { Description = "How old the signature may be; 300 seconds unless given.", HelpName = "SECONDS" };
        Option<bool> json = SharedOptions.Json();
        var command = new Command("verify", "Verifies the signature and the content of a raw HTTP/1.1 request. Exit code 1 if they are not in order.") { file, scheme, receivedAt, require, tag, maxAge, json };
        var keys = new KeyPairSource(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            VerificationPolicy policy = PolicyOf(parsed.GetValue(require) ?? [], parsed.GetValue(tag), Values.Seconds(parsed.GetValue(maxAge), "--max-age", 1, LongestAge));
            DateTimeOffset at = Values.Instant(parsed.GetValue(receivedAt), "--received-at") ?? TimeProvider.System.GetUtcNow();
            string called = Values.Scheme(parsed.GetValue(scheme));
            RawRequest request = RawRequest.Read(await InputFile.ReadAsync(parsed.GetValue(file)!, cancellationToken).ConfigureAwait(false), called);
            CarriedSignature carried = CarriedSignature.Of(request, keys.KeyOf(parsed));
            KeyPair pair = await keys.ReadAsync(parsed, carried.Signature?.KeyId, cancellationToken).ConfigureAwait(false);
            SignatureStatus status = RequestDiagnosis.Verify(request, request.Content, pair.Key, pair.Secret, new RequestCircumstances { Policy = policy, ReceivedAt = at });
            Answer(terminal, status, carried, parsed.GetValue(json));
            return status == SignatureStatus.Verified ? ExitCode.Ok : ExitCode.Refused;
        });
        return command;
    }

    private static VerificationPolicy PolicyOf(string[] require, string? tag, int? maxAge)
    {
        var usual = new VerificationPolicy();
        var policy = new VerificationPolicy
        {
            RequiredComponents = require.Length > 0 ? require : usual.RequiredComponents,
            Tag = tag,
            MaxAge = maxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : usual.MaxAge,
        };
        try
        {
            _ = new MessageVerifier(policy);
            return policy;
        }
        catch (ArgumentException exception)
        {
            throw ToolFailure.Usage(exception);
        }
    }

    private static void Answer(Terminal terminal, SignatureStatus status, CarriedSignature carried, bool isJson)
    {
        Outcome outcome = Outcome.Of(status);
        if (isJson)
        {
            terminal.Json(writer => Write(writer, outcome, status, carried.Signature));
            return;
        }

        terminal.Answer(outcome.Code);
        if (carried.IsInUrl)
        {
            terminal.Say($"The signature is in the URL, in its parameter signature{(status == SignatureStatus.Verified ? ": whoever has the URL may GET it until it expires" : "")}.");
        }

        terminal.Say(status == SignatureStatus.Verified ? Described(carried.Signature!) : $"{outcome.Sentence} {outcome.Remedy} (signing explain says more.)");
    }

    private static string Described(CapturedSignature signature)
    {
        string expires = signature.Expires is { } end ? $", expires at {InstantText.Of(DateTimeOffset.FromUnixTimeSeconds(end))}" : "";
        return Printable.Of($"Signed with {signature.KeyId} at {InstantText.Of(DateTimeOffset.FromUnixTimeSeconds(signature.Created ?? 0))}{expires}; covered: {string.Join(' ', signature.Components)}");
    }

    private static void Write(Utf8JsonWriter writer, Outcome outcome, SignatureStatus status, CapturedSignature? signature)
    {
        writer.WriteString("status", outcome.Code);
        writer.WriteBoolean("verified", status == SignatureStatus.Verified);
        writer.WriteString("key", signature?.KeyId);
        if (signature?.Created is { } created)
        {
            writer.WriteNumber("created", created);
        }
        else
        {
            writer.WriteNull("created");
        }

        writer.WriteStartArray("covered");
        foreach (string component in signature?.Components ?? [])
        {
            writer.WriteStringValue(component);
        }

        writer.WriteEndArray();
        writer.WriteString("sentence", outcome.Sentence);
        writer.WriteString("remedy", outcome.Remedy);
    }
}
