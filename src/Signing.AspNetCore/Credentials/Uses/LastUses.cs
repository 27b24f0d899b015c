using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>Collects what verified requests have used, until it is written behind them; at most once a minute for each Secret, and nothing where there is no store.</summary>
/// <remarks>Nearly every request finds that its use is noted already, and goes on without a lock and without allocating.</remarks>
internal sealed class LastUses(bool areWanted)
{
    /// <summary>How many uses wait at most: those of a store that answers are far fewer, and what does not fit is noted a minute later.</summary>
    public const int Capacity = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Id, int Version), LastUse> _waiting = [];

    // When the use of each sharing key was noted: grants name them by their ids.
    private readonly Dictionary<string, DateTimeOffset> _sharingKeys = new(StringComparer.Ordinal);

    /// <summary>Notes the use of a Secret by a verified request.</summary>
    /// <param name="credential">The credential.</param>
    /// <param name="matchedSecret">The index of the Secret that proved it; <see cref="Credential.NoSecret"/> if a token did.</param>
    /// <param name="context">The request.</param>
    /// <param name="now">The time of the request.</param>
    public void Note(Credential credential, int matchedSecret, HttpContext context, DateTimeOffset now)
    {
        if (areWanted && credential.TryNoteUse(matchedSecret, now))
        {
            Keep(credential.Id, credential.VersionOf(matchedSecret), context, now);
        }
    }

    /// <summary>Notes the use of a sharing key by a verified request.</summary>
    public void NoteSharingKey(string? id, HttpContext context, DateTimeOffset now)
    {
        if (areWanted && id is not null && TryNoteSharingKey(id, now))
        {
            Keep(id, 0, context, now);
        }
    }

    /// <summary>Notes the use of an accepted token, and of the sharing key behind it.</summary>
    public void Note(SignaturePrincipal user, HttpContext context, DateTimeOffset now)
    {
        Note(user.Credential, Credential.NoSecret, context, now);
        NoteSharingKey(user.SharingKeyId, context, now);
    }

    /// <summary>Takes what waits.</summary>
    public IReadOnlyCollection<SecretUse> Take()
    {
        lock (_gate)
        {
            SecretUse[] uses = [.. _waiting.Select(use => new SecretUse(use.Key.Id, use.Key.Version, use.Value))];
            _waiting.Clear();
            return uses;
        }
    }

    /// <summary>Lets what could not be written wait for another time, unless something later waits already.</summary>
    public void PutBack(IReadOnlyCollection<SecretUse> uses)
    {
        lock (_gate)
        {
            foreach (SecretUse use in uses)
            {
                Keep(use.Id, use.SecretVersion, use.Use);
            }
        }
    }

    private bool TryNoteSharingKey(string id, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_sharingKeys.TryGetValue(id, out DateTimeOffset noted) && now - noted < CredentialUses.Interval)
            {
                return false;
            }

            if (_sharingKeys.Count >= Capacity)
            {
                _sharingKeys.Clear();
            }

            _sharingKeys[id] = now;
            return true;
        }
    }

    private void Keep(string id, int version, HttpContext context, DateTimeOffset now)
    {
        var use = new LastUse(now, CallerAddress.Of(context));
        lock (_gate)
        {
            Keep(id, version, use);
        }
    }

    private void Keep(string id, int version, LastUse use)
    {
        bool isKnown = _waiting.TryGetValue((id, version), out LastUse waiting);
        if (isKnown ? use.At > waiting.At : _waiting.Count < Capacity)
        {
            _waiting[(id, version)] = use;
        }
    }
}
