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

    /// <summary>Adds a lesson to what is known by then: many requests may learn of one origin at once, each something else.</summary>
    public void Add(Uri uri, Lesson lesson)
    {
        Origin origin = Origin.Of(uri);
        if (_origins.Count >= MaxOrigins && !_origins.ContainsKey(origin))
        {
            _origins.Clear();
        }

        _origins.AddOrUpdate(origin, static (_, lesson) => lesson.AddTo(LearntOrigin.Nothing), static (_, known, lesson) => lesson.AddTo(known), lesson);
        _any = true;
    }
}
