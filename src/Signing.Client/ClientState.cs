using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Holds what all handlers of one named client share: the current options, compiled, and what the origins taught.</summary>
internal sealed class ClientState(Func<MessageSigningOptions> options, TimeProvider time, ILogger log)
{
    private static long _count;

    private readonly object _gate = new();

    // Two signers on one request, a caller's and a gateway's, keep apart what is theirs.
    private readonly HttpRequestOptionsKey<string> _lastLabel = new($"Signing.Client.LastLabel.{Interlocked.Increment(ref _count)}");
    private volatile string[] _tokenHeaders = [];
    private volatile SigningProfile? _profile;
    private volatile Exception? _refused;

    public TimeProvider Time => time;

    public ILogger Log => log;

    public LearntOrigins Origins { get; } = new();

    /// <summary>Covers a header from now on in all requests that have it: the tokens of this client travel in it.</summary>
    public void Cover(string header)
    {
        string field = header.ToLowerInvariant();
        lock (_gate)
        {
            _tokenHeaders = _tokenHeaders.Contains(field) ? _tokenHeaders : [.. _tokenHeaders, field];
        }
    }

    /// <summary>Gets the profile of the options as they are now.</summary>
    /// <exception cref="OptionsValidationException">The options are invalid and have been from the start.</exception>
    public SigningProfile GetProfile()
    {
        SigningProfile? known = _profile;
        string[] tokenHeaders = _tokenHeaders;
        MessageSigningOptions current;
        try
        {
            current = options();
        }
        catch (Exception refused) when (known is not null)
        {
            // Half a file was reloaded, say, or a vault was down: what was valid goes on, and the log says so once.
            if (!ReferenceEquals(Interlocked.Exchange(ref _refused, refused), refused))
            {
                log.ReloadRefused(known.Key.KeyId, refused);
            }

            current = known.Options;
        }

        if (known is not null && ReferenceEquals(known.Options, current) && ReferenceEquals(known.TokenHeaders, tokenHeaders))
        {
            return known;
        }

        var profile = new SigningProfile(current, tokenHeaders, _lastLabel, time);
        _profile = profile;
        return profile;
    }
}
