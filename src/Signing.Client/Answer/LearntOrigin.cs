namespace Signing.Client;

/// <summary>Holds what one origin has taught this client. Immutable; a new lesson makes a new one.</summary>
internal sealed class LearntOrigin(TimeSpan clockOffset, IReadOnlyList<string> components, IReadOnlyList<string> componentsIfPresent)
{
    private volatile SigningProfile? _adjusted;

    public static LearntOrigin Nothing { get; } = new(TimeSpan.Zero, [], []);

    /// <summary>How far the origin's clock is ahead of ours.</summary>
    public TimeSpan ClockOffset => clockOffset;

    /// <summary>Covered in every request: what has a value in each of them.</summary>
    public IReadOnlyList<string> Components => components;

    /// <summary>Covered in the requests that have them: fields.</summary>
    public IReadOnlyList<string> ComponentsIfPresent => componentsIfPresent;

    public LearntOrigin WithClockOffset(TimeSpan offset) => new(offset, components, componentsIfPresent);

    public LearntOrigin WithComponents(IReadOnlyList<string> always, IReadOnlyList<string> ifPresent) =>
        new(clockOffset, [.. components.Union(always, StringComparer.Ordinal)], [.. componentsIfPresent.Union(ifPresent, StringComparer.Ordinal)]);

    public SigningProfile Adjust(SigningProfile profile)
    {
        // Many requests may have learnt at once, each within the limit, and the options may have changed since.
        int count = components.Count + componentsIfPresent.Count;
        SigningPolicy policy = profile.Signer.Policy;
        if (count == 0 || count + policy.Components.Count + policy.CoverIfPresent.Count > SignatureLimits.MaxComponents)
        {
            return profile;
        }

        // Two threads may both build it: either result is right.
        if (_adjusted is not { } adjusted || !ReferenceEquals(adjusted.Unadjusted, profile))
        {
            _adjusted = adjusted = profile.With(components, componentsIfPresent, tag: null);
        }

        return adjusted;
    }
}
