using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Holds what all handlers of one named client share: the current options, compiled, and what the origins taught.</summary>
internal sealed class ClientState(Func<MessageSigningOptions> options, TimeProvider time, ILogger log)
{
    private volatile SigningProfile? _profile;
    private volatile Exception? _refused;

    public TimeProvider Time => time;

    public ILogger Log => log;

    public LearntOrigins Origins { get; } = new();

    /// <summary>Gets the profile of the options as they are now.</summary>
    /// <exception cref="OptionsValidationException">The options are invalid and have been from the start.</exception>
    public SigningProfile GetProfile()
    {
        SigningProfile? known = _profile;
        MessageSigningOptions current;
        try
        {
            current = options();
        }
        catch (OptionsValidationException refused) when (known is not null)
        {
            // Half a file was reloaded, say: what was valid goes on, and the log says so once.
            if (!ReferenceEquals(Interlocked.Exchange(ref _refused, refused), refused))
            {
                log.ReloadRefused(known.Key.KeyId, refused);
            }

            return known;
        }

        if (known is not null && ReferenceEquals(known.Options, current))
        {
            return known;
        }

        var profile = new SigningProfile(current, time);
        _profile = profile;
        return profile;
    }
}
