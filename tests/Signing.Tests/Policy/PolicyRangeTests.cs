namespace Signing.Tests.Policy;

/// <summary>What a policy may not ask for is refused when the signer or verifier is made, and not with the first message.</summary>
public sealed class PolicyRangeTests
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 40).Select(i => $"x-{i}")];

    public static TheoryData<string, SigningPolicy> RefusedToSign => new()
    {
        { "Label", new SigningPolicy { Label = "" } },
        { "Label", new SigningPolicy { Label = "Sig" } },
        { "Label", new SigningPolicy { Label = "sig 1" } },
        { "Label", new SigningPolicy { Label = "sig=1" } },
        { "Label", new SigningPolicy { Label = new string('s', 33) } },
        { "Tag", new SigningPolicy { Tag = new string('t', 257) } },
        { "Tag", new SigningPolicy { Tag = "a\tb" } },
        { "Tag", new SigningPolicy { Tag = "caf\u00e9" } },
        { "Lifetime", new SigningPolicy { Lifetime = TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1) } },
        { "Lifetime", new SigningPolicy { Lifetime = TimeSpan.FromDays(7) + TimeSpan.FromTicks(1) } },
        { "Lifetime", new SigningPolicy { Lifetime = TimeSpan.FromSeconds(-1) } },
        { "Components", new SigningPolicy { Components = [] } },
        { "Components", new SigningPolicy { Components = ["@method", .. Names[..30]], CoverIfPresent = Names[30..32] } },
        { "CoverIfPresent", new SigningPolicy { CoverIfPresent = ["@query"], Components = ["@path"] } },
        { "CoverIfPresent", new SigningPolicy { CoverIfPresent = ["\"x-0\";bs"] } },
        { "CoverIfPresent", new SigningPolicy { CoverIfPresent = ["\"x-0\""] } },
        { "text", new SigningPolicy { CoverIfPresent = ["X-0"] } },
        { "component", new SigningPolicy { Components = [""] } },
        { "text", new SigningPolicy { Components = ["\"x-0"] } },
        { "text", new SigningPolicy { Components = ["\"x-0\" "] } },
        { "text", new SigningPolicy { Components = ["\"x-0\";bs\"x-1\""] } },
        { "component", new SigningPolicy { Components = ["\"x-0\"; bs"] } },
        { "component", new SigningPolicy { Components = ["\"x-0\";bs=?1"] } },
    };

    public static TheoryData<string, VerificationPolicy> RefusedToVerify => new()
    {
        { "MaxAge", new VerificationPolicy { MaxAge = TimeSpan.FromSeconds(0) } },
        { "MaxAge", new VerificationPolicy { MaxAge = TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1) } },
        { "MaxAge", new VerificationPolicy { MaxAge = TimeSpan.FromSeconds(1.5) } },
        { "FutureSkew", new VerificationPolicy { FutureSkew = TimeSpan.FromSeconds(-1) } },
        { "FutureSkew", new VerificationPolicy { FutureSkew = TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1) } },
        { "FutureSkew", new VerificationPolicy { FutureSkew = TimeSpan.FromMilliseconds(1) } },
        { "MaxLifetime", new VerificationPolicy { MaxLifetime = TimeSpan.Zero } },
        { "MaxLifetime", new VerificationPolicy { MaxLifetime = TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1) } },
        { "Tag", new VerificationPolicy { Tag = new string('t', 257) } },
        { "ifPresent", new VerificationPolicy { CoveredIfPresent = ["@query"] } },
        { "ifPresent", new VerificationPolicy { CoveredIfPresent = ["\"x-0\";bs"] } },
        { "ifPresent", new VerificationPolicy { CoveredIfPresent = ["\"x-0\""] } },
        { "text", new VerificationPolicy { RequiredComponents = ["\"x-0\" "] } },

        // Thirty-two bits are one for each field, and the first is that of Content-Digest, which has it unasked.
        { "name", new VerificationPolicy { CoveredIfPresent = Names[..32] } },
        { "name", new VerificationPolicy { RequiredComponents = Names[..32], CoveredIfPresent = [] } },
    };

    public static TheoryData<SigningPolicy> Signed =>
    [
        new SigningPolicy { Label = new string('s', 32) },
        new SigningPolicy { Tag = new string('~', 256) },
        new SigningPolicy { Tag = " " },
        new SigningPolicy { Lifetime = TimeSpan.FromSeconds(1) },
        new SigningPolicy { Lifetime = TimeSpan.FromDays(7) },
        new SigningPolicy { Components = ["@method", .. Names[..30]], CoverIfPresent = [Names[30]] },
        new SigningPolicy { Components = ["\"x-0\";bs"], CoverIfPresent = ["x-0", "x-0-y"] },
    ];

    public static TheoryData<VerificationPolicy> Verified =>
    [
        new VerificationPolicy { MaxAge = TimeSpan.FromSeconds(1), FutureSkew = TimeSpan.Zero, MaxLifetime = TimeSpan.FromSeconds(1) },
        new VerificationPolicy { MaxAge = TimeSpan.FromDays(1), FutureSkew = TimeSpan.FromMinutes(5), MaxLifetime = TimeSpan.FromDays(7) },
        new VerificationPolicy { Tag = new string('t', 256) },
        new VerificationPolicy { RequiredComponents = Names[..31], CoveredIfPresent = ["x-0", "content-digest"] },
    ];

    [Theory]
    [MemberData(nameof(RefusedToSign))]
    public void A_policy_out_of_its_range_makes_no_signer(string name, SigningPolicy policy) =>
        Assert.Throws<ArgumentException>(name, () => new MessageSigner(policy));

    [Theory]
    [MemberData(nameof(RefusedToVerify))]
    public void A_policy_out_of_its_range_makes_no_verifier(string name, VerificationPolicy policy) =>
        Assert.Throws<ArgumentException>(name, () => new MessageVerifier(policy));

    [Theory]
    [MemberData(nameof(Signed))]
    public void A_policy_at_the_end_of_its_range_makes_a_signer(SigningPolicy policy) => Assert.Same(policy, new MessageSigner(policy).Policy);

    [Theory]
    [MemberData(nameof(Verified))]
    public void A_policy_at_the_end_of_its_range_makes_a_verifier(VerificationPolicy policy) => Assert.Same(policy, new MessageVerifier(policy).Policy);
}
