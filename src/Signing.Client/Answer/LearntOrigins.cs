using System.Collections.Concurrent;

namespace Signing.Client;

/// <summary>Remembers what each origin has taught this client.</summary>
internal sealed class LearntOrigins
{
    /// <summary>Origins remembered at once. A client that talks to more starts over, and is taught again.</summary>
    public const int MaxOrigins = 256;

    private readonly ConcurrentDictionary<Origin, LearntOrigin> _origins = new();
    private volatile bool _any;

    public LearntOrigin Get(Uri uri) =>
        _any && _origins.TryGetValue(Origin.Of(uri), out LearntOrigin? learnt) ? learnt : LearntOrigin.Nothing;

    public void Set(Uri uri, LearntOrigin learnt)
    {
        if (_origins.Count >= MaxOrigins)
        {
            _origins.Clear();
        }

        _origins[Origin.Of(uri)] = learnt;
        _any = true;
    }
}
