using System.Text;

namespace Signing.Tests.Diagnosis;

/// <summary>One request that was signed, and what became of it.</summary>
public sealed record MismatchCase(string Name, string Component, MismatchCause Cause)
{
    public const string KeyId = "acme_key_live_5YwJ3bqX0eTnP8kVhR2sZd";

    public static readonly DateTimeOffset Now = new(2026, 11, 21, 19, 40, 0, TimeSpan.Zero);

    public CapturedMessage Sent { get; init; } = new();

    /// <summary>What a proxy or handler makes of the request that was signed.</summary>
    public Func<CapturedMessage, CapturedMessage> Way { get; init; } = static message => message;

    public string[] Covered { get; init; } = ["@method", "@authority", "@path", "@query"];

    /// <summary>What the signer signs with.</summary>
    public string SignersSecret { get; init; } = MismatchCases.Secret;

    /// <summary>What the person who asks takes for the Secret.</summary>
    public string GivenSecret { get; init; } = MismatchCases.Secret;

    public TimeSpan ClockOffset { get; init; }

    /// <summary>Whether the address that was called has to be known.</summary>
    public string? CalledAddress { get; init; }

    /// <summary>Whether two bases show it; otherwise they are equal.</summary>
    public bool IsInBases { get; init; } = true;

    /// <summary>Whether the key alone finds it; otherwise it wants the signer's base.</summary>
    public bool IsFoundByKey { get; init; } = true;

    public override string ToString() => Name;

    public CapturedMessage Sign()
    {
        using var key = new SigningKey(KeyId, Encoding.UTF8.GetBytes(SignersSecret));
        var signer = new MessageSigner(new SigningPolicy { Components = Covered });
        var input = new char[2048];
        var signature = new char[128];
        Assert.True(signer.TrySign(Sent, key, input, signature, out var inputLength, out var length, out _, Now + ClockOffset));
        return Sent.With("Signature-Input", new string(input, 0, inputLength)).With("Signature", new string(signature, 0, length));
    }

    public CapturedMessage Receive(CapturedMessage signed) => Way(signed);

    /// <summary>Gives the base as a verifier makes it.</summary>
    public static string BaseOf(CapturedMessage message)
    {
        var verifier = new MessageVerifier(new VerificationPolicy { MaxAge = TimeSpan.FromDays(1), CoveredIfPresent = [] }, new Support.ManualTimeProvider(Now.AddHours(12)));
        Assert.True(verifier.TryRead(message, out var candidates, out var refusal), refusal.ToString());
        return verifier.GetSignatureBase(message, candidates[0])!;
    }
}
