using Signing.Tests.Fuzz;

namespace Signing.Tests.Responses.Model;

/// <summary>What was done to one answer on its way, and what a verifier must find in its signature fields because of it.</summary>
internal sealed class AnswerChange(Draw draw, Answered genuine, bool canHaveBody, Answered? earlier)
{
    private static readonly string[] Malformed = ["malformed_signature", "malformed_signature_input"];
    private static readonly string[] Covered = ["Content-Type", "Content-Digest", "Content-Encoding", "Content-Range", "Location"];

    private bool _isTouched;

    public Answered Answer { get; private set; } = genuine;

    /// <summary>Gets what is wrong with the two fields of the signature, of which a verifier may name any.</summary>
    public HashSet<string> OfSignature { get; } = [];

    public bool IsOfAnother { get; private set; }

    public List<string> Log { get; } = [];

    /// <summary>Makes one change.</summary>
    public void Make()
    {
        string what = draw.Of("status", "field", "field", "field", "free field", "free field", "body", "body", "body", "signature", "signature", "signature", "signature", "earlier", "refusal");
        Log.Add(what);
        switch (what)
        {
            case "status":
                Answer = Answer with { Status = draw.Of(200, 201, 202, 401, 403, 404, 410, 500, 503) };
                break;
            case "field":
                ChangeField(draw.Of(Covered));
                break;
            case "free field":
                Answer = draw.Of(
                    Answer.With("X-Free", "changed"), Answer.With("X-Free"), Answer.With("Vary"), Answer.With("Date"), Answer.With("ETag", "\"other\""),
                    Answer.With("Set-Cookie", "a=b", "c=d"), Answer.With("X-More", "1", "2"), Answer.With("Cache-Control", "public"));
                break;
            case "body" when canHaveBody:
                ChangeBody();
                break;
            case "signature" when Answer.IsSigned && !IsOfAnother && !_isTouched:
                _isTouched = true;
                ChangeSignature();
                break;
            case "earlier" when earlier is not null && (canHaveBody || earlier.Body.Length == 0):
                (Answer, IsOfAnother) = (earlier, true);
                OfSignature.Clear();
                break;
            case "refusal":
                Answer = new Answered(draw.Of(401, 403, 429, 503), [("WWW-Authenticate", $"Signature realm=\"a\", error=\"{draw.Of("replayed", "invalid_credential", "revoked")}\"")], []);
                OfSignature.Clear();
                OfSignature.Add("missing_signature");
                IsOfAnother = false;
                break;
            default:
                Log[^1] += ", not possible";
                break;
        }
    }

    /// <summary>Cuts the content in its middle.</summary>
    public void Shorten() => Answer = Answer with { Body = Answer.Body[..(Answer.Body.Length / 2)] };

    private void ChangeField(string name)
    {
        string? value = Answer[name];
        string other = name switch
        {
            "Content-Digest" => $"sha-256=:{Convert.ToBase64String(new byte[32])}:",
            "Content-Encoding" => "br",
            "Content-Type" => "text/html",
            "Content-Range" => "bytes 0-1/2",
            _ => "https://evil.example/",
        };
        Answer = value is null ? Answer.With(name, other) : draw.Of(Answer.With(name), Answer.With(name, other), Answer.With(name, value, other), Answer.With(name, value, value), Answer.With(name, value + " "));
        Log.Add($"{name}: {Answer[name]}");
    }

    private void ChangeBody()
    {
        byte[] body = [.. Answer.Body];
        if (body.Length > 0 && draw.OneIn(2))
        {
            body[draw.Below(body.Length)] ^= 1;
        }
        else
        {
            body = draw.Of([], [.. body, (byte)'!'], body[..(body.Length / 2)], [.. body, .. new byte[1500]]);
        }

        Answer = Answer with { Body = body };
    }

    private void ChangeSignature()
    {
        string input = Answer[Answered.Input]!;
        string mac = Answer[Answered.Mac]!;
        string what = draw.Of("both gone", "input gone", "mac gone", "input twice", "mac twice", "mac flipped", "mac cut", "key", "created", "broken", "renamed", "spaces", "beside", "behind", "forged beside", "lines");
        Log.Add(what);
        string foreign = "theirs=(\"@status\");created=1;keyid=\"theirs\"";
        string label = input[..input.IndexOf('=', StringComparison.Ordinal)];
        switch (what)
        {
            case "both gone":
                Set([], [], "missing_signature");
                break;
            case "input gone":
                Set([], [mac], Malformed);
                break;
            case "mac gone":
                Set([input], [], Malformed);
                break;
            case "input twice":
                Set([input, input], [mac], Malformed);
                break;
            case "mac twice":
                Set([input], [mac, mac], Malformed);
                break;
            case "mac flipped":
                int at = label.Length + 2;
                Set([input], [$"{mac[..at]}{(mac[at] == 'A' ? 'B' : 'A')}{mac[(at + 1)..]}"], "invalid_credential");
                break;
            case "mac cut":
                Set([input], [$"{label}=:AAAA:"], "invalid_credential", Malformed[0]);
                break;
            case "key":
                Set([input.Replace("keyid=\"", "keyid=\"x", StringComparison.Ordinal)], [mac], "invalid_credential");
                break;
            case "created":
                Set([input.Replace("created=", "created=1", StringComparison.Ordinal)], [mac], "invalid_credential", "created_in_future", "too_old", Malformed[1]);
                break;
            case "broken":
                Set([draw.Of(input + ",", input + ", z", input.Replace("(", "((", StringComparison.Ordinal), input + "\"")], [mac], Malformed);
                break;
            case "renamed":
                Set([input.Replace(label + "=(", "other=(", StringComparison.Ordinal)], [mac.Replace(label + "=:", "other=:", StringComparison.Ordinal)]);
                break;
            case "spaces":
                Set([input.Replace("(", "( ", StringComparison.Ordinal).Replace(")", "  )", StringComparison.Ordinal)], [mac]);
                break;
            case "beside":
                Set([foreign + ", " + input], ["theirs=:AAAA:, " + mac]);
                break;
            case "behind":
                Set([input + ", " + foreign], [mac + ", theirs=:AAAA:"]);
                break;
            case "forged beside":
                // All that ours says, under another label, without the Secret.
                Set([$"forged{input[label.Length..]}, {input}"], [$"forged=:{Convert.ToBase64String(new byte[32])}:, {mac}"]);
                break;
            default:
                Set([foreign, input], ["theirs=:AAAA:", mac]);
                break;
        }
    }

    private void Set(string[] input, string[] mac, params string[] wrong)
    {
        Answer = Answer.With(Answered.Input, input).With(Answered.Mac, mac);
        OfSignature.UnionWith(wrong);
    }
}
