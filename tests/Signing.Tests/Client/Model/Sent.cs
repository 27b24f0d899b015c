using System.Globalization;
using Signing.Tests.Reference;

namespace Signing.Tests.Client.Model;

/// <summary>One sending as the connection got it.</summary>
internal sealed record Sent(ReferenceRequest Request, DateTimeOffset At)
{
    public string Input => Assert.Single(Request.Lines("signature-input"));

    public string[] Covered()
    {
        string input = Input;
        int start = input.IndexOf('(', StringComparison.Ordinal) + 1;
        return [.. input[start..input.IndexOf(')', start)].Split(' ').Select(static name => name.EndsWith('"') ? name.Trim('"') : name)];
    }

    public string? Parameter(string name)
    {
        string input = Input;
        int start = input.IndexOf($";{name}=", input.IndexOf(')', StringComparison.Ordinal), StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        start += name.Length + 2;
        int end = input.IndexOf(';', start);
        return (end < 0 ? input[start..] : input[start..end]).Trim('"');
    }

    public long Created => long.Parse(Parameter("created")!, CultureInfo.InvariantCulture);

    public SignatureStatus Verify(SigningKey key, TimeProvider time, VerificationPolicy policy)
    {
        var message = new ReferenceMessage(Request);
        var verifier = new MessageVerifier(policy, time);
        return verifier.TryRead(in message, out SignatureCandidates candidates, out SignatureStatus refusal)
            ? verifier.Verify(in message, candidates[0], key, out _)
            : refusal;
    }
}
