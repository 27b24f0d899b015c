namespace Signing;
// skeleton: members are final, docs and validation follow
public sealed class VerificationPolicy
{
    public IReadOnlyList<string> RequiredComponents { get; init; } = ["@method", "@authority", "@path", "@query"];
    public IReadOnlyList<string> CoveredIfPresent { get; init; } = ["content-digest", "content-type", "content-encoding", "authorization"];
    public SignatureParameterNames RequiredParameters { get; init; } = SignatureParameterNames.Created | SignatureParameterNames.KeyId;
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(5);
    public TimeSpan FutureSkew { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromHours(1);
    public string? Tag { get; init; }
    public bool RefuseUnknownParameters { get; init; }
}
