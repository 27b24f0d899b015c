namespace Signing.AspNetCore;

/// <summary>A replay store that says what a claim would get, without one being made.</summary>
internal interface IReplayProbe
{
    /// <summary>Says what a request that is signed now would get, and keeps nothing of having been asked.</summary>
    ReplayClaim Probe();
}
