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

    /// <summary>Drops the components that were known then, unless others have been learnt since.</summary>
    public LearntOrigin WithoutComponents(LearntOrigin then) =>
        ReferenceEquals(components, then.Components) && ReferenceEquals(componentsIfPresent, then.ComponentsIfPresent) ? new(clockOffset, [], []) : this;

    /// <summary>Adds the components to what a request covers by itself.</summary>
    /// <param name="profile">What it covers by itself.</param>
    /// <param name="isUsual">Whether that follows from the options alone, so that other requests cover the same.</param>
    public SigningProfile Adjust(SigningProfile profile, bool isUsual)
    {
        if (components.Count + componentsIfPresent.Count == 0)
        {
            return profile;
        }

        // Two threads may both build it: either result is right.
        SigningProfile? adjusted = isUsual ? _adjusted : null;
        if (adjusted is null || !ReferenceEquals(adjusted.Unadjusted, profile))
        {
            adjusted = profile.Adjusted(components, componentsIfPresent);
            _adjusted = isUsual ? adjusted : _adjusted;
        }

        return adjusted;
    }
}
