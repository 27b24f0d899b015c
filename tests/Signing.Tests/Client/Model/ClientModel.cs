using Signing.Client;

namespace Signing.Tests.Client.Model;

/// <summary>What a client should have learnt, and what it should do next, by the documents and without a thought of speed.</summary>
internal sealed class ClientModel
{
    private const int MaxTaught = 16;
    private const int MaxCovered = 32;

    private static readonly string[] OfTheClock = ["too_old", "created_in_future", "expired_signature"];
    private static readonly string[] OfCoverage = ["insufficient_coverage", "missing_signature", "missing_digest"];

    // The verifier says these before it knows the signature, and they may be because of what was covered.
    private static readonly string[] OfWhatIsCovered = ["invalid_credential", "missing_component", "unsupported_component", "too_large"];

    private static readonly string[] Derived = ["@method", "@authority", "@path", "@query", "@scheme", "@target-uri", "@request-target"];
    private static readonly HttpMethod[] Idempotent = [HttpMethod.Get, HttpMethod.Head, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Options, HttpMethod.Trace];

    private readonly Dictionary<string, Taught> _origins = [];

    /// <summary>Gets what a client knows of an origin.</summary>
    public Taught Of(Place place, MessageSigningOptions options) =>
        options.LearnFromServer && _origins.TryGetValue(place.Origin, out Taught? taught) ? taught : Taught.Nothing;

    /// <summary>Says what a request covers.</summary>
    public static HashSet<string> Covered(Asked asked, MessageSigningOptions options, Taught taught)
    {
        if (!CannotBeSigned(asked, taught) && IsTried(asked, options, taught))
        {
            return Own(asked, options, taught.Always, taught.IfPresent);
        }

        // A digest that was computed all the same is covered where the options cover one that is there.
        HashSet<string> own = Own(asked, options, [], []);
        own.UnionWith(options.Policy.CoverIfPresent.Where(name => name == "content-digest" && HasAskedDigest(asked, options, taught)));
        return own;
    }

    /// <summary>Takes the lesson of an answer.</summary>
    /// <returns>How long to wait before the request is sent again; <see langword="null"/> if it is not.</returns>
    public TimeSpan? Learn(Asked asked, MessageSigningOptions options, Taught used, HashSet<string> covered, int sending, Told told, DateTimeOffset now)
    {
        if (sending == MessageSigningHandler.MaxSendings || !options.LearnFromServer || !asked.Place.IsTrusted)
        {
            return null;
        }

        TimeSpan? wait = told.Status switch
        {
            401 when OfTheClock.Contains(told.Code) => LearnClock(asked, used, told, now),
            401 when told.Code is null || OfCoverage.Contains(told.Code) => LearnComponents(asked, options, used, covered, told),
            401 when OfWhatIsCovered.Contains(told.Code) => Forget(asked, CoversMore(asked, options, used, covered) && !asked.OtherKey),
            401 when told.Code == "replayed" && Idempotent.Contains(asked.Method) => TimeSpan.FromSeconds(options.Policy.IncludeNonce ? 0 : 1),
            503 when told.Code == "replay_before_floor" && told.RetryAfter is <= 30 => LearnLag(asked, used, told, now),
            _ => null,
        };
        bool hasBodyStill = asked.CanBeReadAgain || covered.Contains("content-digest") || HasAskedDigest(asked, options, used);
        return hasBodyStill && (!options.Responses.Required || Idempotent.Contains(asked.Method)) ? wait : null;
    }

    private static HashSet<string> Own(Asked asked, MessageSigningOptions options, IEnumerable<string> always, IEnumerable<string> ifPresent)
    {
        var covered = options.Policy.Components.Concat(asked.Components ?? []).Concat(always).ToHashSet();
        covered.UnionWith(options.Policy.CoverIfPresent.Concat(ifPresent).Where(name => asked.Has(name) || (name == "content-digest" && asked.HasBody)));
        return covered;
    }

    private static bool CannotBeSigned(Asked asked, Taught taught) =>
        taught.IfPresent.Any(name => asked.Fields.TryGetValue(name, out string? value) && value.Contains('\x01', StringComparison.Ordinal));

    // There is room for it, and no body is read that has no end.
    private static bool IsTried(Asked asked, MessageSigningOptions options, Taught taught) =>
        Room(asked, options, taught) >= 0
        && (asked.CanBeReadAgain || asked.IsAnnounced || !taught.Always.Contains("content-digest") || Own(asked, options, [], []).Contains("content-digest"));

    private static bool HasAskedDigest(Asked asked, MessageSigningOptions options, Taught taught) =>
        taught.Always.Contains("content-digest") && IsTried(asked, options, taught);

    // A digest that a server wants of all requests is more than that of those with a body.
    private static bool CoversMore(Asked asked, MessageSigningOptions options, Taught taught, HashSet<string> covered) =>
        !CannotBeSigned(asked, taught) && IsTried(asked, options, taught)
        && (covered.Except(Own(asked, options, [], [])).Any() || taught.Always.Except(options.Policy.Components).Except(asked.Components ?? []).Any());

    // What the options name in both lists counts twice.
    private static int Room(Asked asked, MessageSigningOptions options, Taught taught)
    {
        string[] always = [.. options.Policy.Components.Union(asked.Components ?? [])];
        return MaxCovered - always.Length - options.Policy.CoverIfPresent.Count - taught.Always.Except(always).Count() - taught.IfPresent.Except(always).Except(options.Policy.CoverIfPresent).Count();
    }

    private TimeSpan? LearnClock(Asked asked, Taught used, Told told, DateTimeOffset now)
    {
        // A time that is not told, or not to be believed, leaves the own one.
        TimeSpan? offset = told.HasAge || (told.Date - now)?.Duration() > TimeSpan.FromHours(1) ? null : told.Date - now;
        offset ??= TimeSpan.Zero;
        if ((offset.Value - used.Offset).Duration() <= TimeSpan.FromSeconds(1))
        {
            return null;
        }

        _origins[asked.Place.Origin] = _origins.GetValueOrDefault(asked.Place.Origin, Taught.Nothing) with { Offset = offset.Value };
        return TimeSpan.Zero;
    }

    // A clock that is behind that of the server is behind its floor, too.
    private TimeSpan? LearnLag(Asked asked, Taught used, Told told, DateTimeOffset now)
    {
        if (!told.HasAge && told.Date - now is { } offset && offset.Duration() <= TimeSpan.FromHours(1) && offset - used.Offset > TimeSpan.FromSeconds(1))
        {
            _origins[asked.Place.Origin] = _origins.GetValueOrDefault(asked.Place.Origin, Taught.Nothing) with { Offset = offset };
        }

        return TimeSpan.FromSeconds(told.RetryAfter!.Value);
    }

    private TimeSpan? LearnComponents(Asked asked, MessageSigningOptions options, Taught used, HashSet<string> covered, Told told)
    {
        string? tag = asked.Tag ?? options.Policy.Tag;
        Wish.Member[] ours = [.. told.Wish.Members.Where(member => member.Tag is null || member.Tag == tag)];
        Wish.Member? followed = ours.FirstOrDefault(member => member.Tag is not null) ?? ours.FirstOrDefault();
        SigningPolicy policy = options.Policy;
        int room = Math.Min(MaxTaught - used.Always.Length - used.IfPresent.Length, Room(asked, options, CannotBeSigned(asked, used) || !IsTried(asked, options, used) ? Taught.Nothing : used));
        string[] wanted =
        [
            .. (followed?.Components ?? []).Distinct()
                .Where(name => !policy.Components.Contains(name) && asked.Components?.Contains(name) != true && !used.Always.Contains(name) && !used.IfPresent.Contains(name))
                .Where(name => Derived.Contains(name) || asked.Has(name) || name == "content-digest")
                .Where(name => !(policy.CoverIfPresent.Contains(name) && (name != "content-digest" || covered.Contains(name))))
        ];
        if (wanted.Length == 0 || room <= 0)
        {
            // There is no room left, and it may be taken by what nobody asks for any more.
            return Forget(asked, wanted.Length > 0 && used.Always.Length + used.IfPresent.Length > 0);
        }

        wanted = [.. wanted.Take(room)];

        Taught known = _origins.GetValueOrDefault(asked.Place.Origin, Taught.Nothing);
        string[] always = [.. wanted.Where(name => name[0] == '@' || name == "content-digest")];
        _origins[asked.Place.Origin] = known with { Always = [.. known.Always.Union(always)], IfPresent = [.. known.IfPresent.Union(wanted.Except(always))] };
        return TimeSpan.Zero;
    }

    // What was learnt and is refused all the same may be what is refused; the next request does without.
    private TimeSpan? Forget(Asked asked, bool maybe)
    {
        if (maybe)
        {
            _origins[asked.Place.Origin] = _origins.GetValueOrDefault(asked.Place.Origin, Taught.Nothing) with { Always = [], IfPresent = [] };
        }

        return null;
    }

    /// <summary>What one origin has taught.</summary>
    internal sealed record Taught(TimeSpan Offset, string[] Always, string[] IfPresent)
    {
        public static Taught Nothing { get; } = new(TimeSpan.Zero, [], []);

        public override string ToString() => $"{Offset} [{string.Join(' ', Always)}] if present [{string.Join(' ', IfPresent)}]";
    }
}
