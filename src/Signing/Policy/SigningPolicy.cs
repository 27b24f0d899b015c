namespace Signing;
public sealed class SigningPolicy
{
    public IReadOnlyList<string> Components { get; init; } = ["@method", "@authority", "@path", "@query"];
    public IReadOnlyList<string> CoverIfPresent { get; init; } = ["content-digest", "content-type", "content-encoding", "authorization"];
    public string Label { get; init; } = "sig";
    public string? Tag { get; init; }
    public TimeSpan? Lifetime { get; init; }   // null: no expires parameter
    public bool IncludeNonce { get; init; } = true;
    public bool IncludeAlgorithm { get; init; } = true;
}
