using System.CommandLine;

namespace Signing.Tool;

/// <summary><c>signing sign</c>: signs a raw request that somebody else will send.</summary>
internal static class SignCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> file = SharedOptions.File();
        Option<string?> scheme = SharedOptions.Scheme();
        var created = new Option<string?>("--created") { Description = "The created parameter; now unless given.", HelpName = "INSTANT" };
        Option<bool> json = SharedOptions.Json();
        var command = new Command("sign", "Signs a raw HTTP/1.1 request and writes it with Signature-Input, Signature and, if it has a body, Content-Digest.") { file, scheme, created, json };
        var signing = new SigningOptions(command);
        var keys = new KeyPairSource(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            SigningPolicy policy = signing.Read(parsed);
            DateTimeOffset? at = Values.Instant(parsed.GetValue(created), "--created");
            string called = Values.Scheme(parsed.GetValue(scheme));
            RawRequest request = RawRequest.Read(await InputFile.ReadAsync(parsed.GetValue(file)!, cancellationToken).ConfigureAwait(false), called);
            CheckContent(request);
            KeyPair pair = await keys.ReadAsync(parsed, fallback: null, cancellationToken).ConfigureAwait(false);
            Sign(terminal, request, pair, policy, at, parsed.GetValue(json));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void CheckContent(RawRequest request)
    {
        // A head alone, as curl -v shows it: whoever sends it has the content.
        bool isHead = request.Content.Length == 0 && (request.LinesOf("transfer-encoding").Length > 0 || request.LinesOf("content-length") is [not "0"]);
        if (!isHead)
        {
            StatedContent.Check(request, request.Content);
        }
    }

    private static void Sign(Terminal terminal, RawRequest request, KeyPair pair, SigningPolicy policy, DateTimeOffset? created, bool isJson)
    {
        if (request.Content.Length > 0 && request.LinesOf("content-digest").Length == 0)
        {
            request.Add("Content-Digest", StatedContent.DigestOf(request.Content, DigestAlgorithms.Sha256));
        }

        var input = new char[SignatureLimits.MaxSignatureInputLength];
        var signature = new char[SignatureLimits.MaxSignatureLength];
        using var key = new SigningKey(pair.Key, pair.Secret);
        if (!new MessageSigner(policy).TrySign(request, key, input, signature, out int inputLength, out int signatureLength, out SignatureStatus refusal, created))
        {
            Outcome outcome = Outcome.Of(refusal);
            throw ToolFailure.Usage($"The request cannot be signed: {outcome.Sentence} {(refusal == SignatureStatus.MissingComponent ? "Check that it has a Host field and every field that is covered." : outcome.Remedy)}");
        }

        string members = new(input, 0, inputLength);
        request.Add("Signature-Input", members);
        request.Add("Signature", new string(signature, 0, signatureLength));
        if (!isJson)
        {
            terminal.Write(request.ToBytes());
            return;
        }

        string text = members[(members.IndexOf('=', StringComparison.Ordinal) + 1)..];
        terminal.Json(writer =>
        {
            writer.WriteString("key", pair.Key);
            writer.WriteString("signature_input", members);
            writer.WriteString("signature", new string(signature, 0, signatureLength));
            writer.WriteString("content_digest", request.LinesOf("content-digest").FirstOrDefault());
            writer.WriteString("signature_base", request.BaseOf(text));
        });
    }
}
