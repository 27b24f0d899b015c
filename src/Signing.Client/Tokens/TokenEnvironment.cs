using Microsoft.Extensions.Logging;

namespace Signing.Client;

/// <summary>Holds all that tokens need of the world: clock, log, store, network and chance.</summary>
internal sealed record TokenEnvironment(TimeProvider Time, ILogger Log, GuardedStore Store, Backchannel Backchannel, Func<double> Draw)
{
    public TokenMoment Now => TokenMoment.Now(Time);

    /// <param name="open">Gives a client for one call of a token endpoint.</param>
    /// <param name="store">The store, if there is one.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    public static TokenEnvironment Create(Func<HttpClient> open, AccessTokenStore? store, TimeProvider time, ILogger log)
    {
        Func<double> draw = Random.Shared.NextDouble;
        return new TokenEnvironment(time, log, new GuardedStore(store, time, log, draw), new Backchannel(open, time), draw);
    }
}
