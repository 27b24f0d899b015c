using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Signing.Client;

/// <summary>Holds one access token as it was issued; it is not put into a log by printing this.</summary>
[DebuggerDisplay("Expires {ExpiresAt}")]
public sealed class AccessToken
{
    private readonly TokenMoment _obtained;
    private readonly TokenTimes _times;

    internal AccessToken(string value, string? refreshToken, TokenMoment obtained, TokenTimes times)
    {
        Value = value;
        RefreshToken = refreshToken;
        _obtained = obtained;
        _times = times;
    }

    /// <summary>The token itself: whoever has it can use it.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    [JsonIgnore]
    public string Value { get; }

    /// <summary>When it ends, by the clock of this machine.</summary>
    public DateTimeOffset ExpiresAt => _obtained.Wall + _times.Lifetime;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal string? RefreshToken { get; }

    internal DateTimeOffset IssuedAt => _obtained.Wall;

    internal TimeSpan Lifetime => _times.Lifetime;

    /// <summary>Counts the tokens of one slot; 0 until it is published there.</summary>
    internal long Generation { get; private set; }

    /// <summary>How many tokens before this one were refused in a row, each soon after it was issued.</summary>
    internal int RefusedBefore { get; private set; }

    /// <summary>Whether another process got it: it may be as old as the one that it replaces, and as dead.</summary>
    internal bool IsFromStore { get; private set; }

    internal TokenSlot? Slot { get; private set; }

    /// <summary>Shows when it expires, never the token.</summary>
    /// <returns>A short text for a log.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"access token until {ExpiresAt:u}");

    internal TimeSpan AgeAt(TokenMoment now) => _obtained.AgeAt(now);

    internal TokenUse At(TokenMoment now) => _times.At(AgeAt(now));

    /// <summary>Gives the token its place; before anybody else can see it.</summary>
    internal void Publish(TokenSlot slot, long generation, int refusedBefore, bool isFromStore)
    {
        IsFromStore = isFromStore;
        Slot = slot;
        Generation = generation;
        RefusedBefore = refusedBefore;
    }
}
