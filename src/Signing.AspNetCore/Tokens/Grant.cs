using System.Diagnostics.CodeAnalysis;

namespace Signing.AspNetCore;

/// <summary>One version of a login and its refreshes: for whom, for what, and which of its tokens are good.</summary>
/// <remarks>
/// A version never changes; a change is another object. It holds no secret and no token: tokens are computed from it and
/// the master key, so the same version always gives the same tokens, byte for byte.
/// </remarks>
public sealed class Grant
{
    /// <summary>For how long a refresh token that was just replaced still gets its successor, which it gets again, unchanged: 120 seconds.</summary>
    public static readonly TimeSpan SuccessorWindow = TimeSpan.FromSeconds(120);

    /// <summary>Creates a version.</summary>
    public Grant()
    {
    }

    [SetsRequiredMembers]
    private Grant(Grant earlier)
    {
        Id = earlier.Id;
        ClientKey = earlier.ClientKey;
        CredentialId = earlier.CredentialId;
        ApplicationId = earlier.ApplicationId;
        ActingWorkspaceId = earlier.ActingWorkspaceId;
        WorkspaceId = earlier.WorkspaceId;
        SharingKeyId = earlier.SharingKeyId;
        Scopes = earlier.Scopes;
        Sequence = earlier.Sequence;
        KeyVersion = earlier.KeyVersion;
        Issued = earlier.Issued;
        RotatedAt = earlier.RotatedAt;
        AccessExpires = earlier.AccessExpires;
        RefreshExpires = earlier.RefreshExpires;
        IsUsed = earlier.IsUsed;
        RevokedAt = earlier.RevokedAt;
        RevokedFor = earlier.RevokedFor;
    }

    /// <summary>The id, 128 random bits.</summary>
    public required UInt128 Id { get; init; }

    /// <summary>The Key of the credential that logged in.</summary>
    public required string ClientKey { get; init; }

    /// <summary>The id of the credential that logged in.</summary>
    public required string CredentialId { get; init; }

    /// <summary>The id of the application that acts: the credential's.</summary>
    public string? ApplicationId { get; init; }

    /// <summary>The id of the workspace that acts: the credential's.</summary>
    public string? ActingWorkspaceId { get; init; }

    /// <summary>The id of the workspace whose data the tokens open: the acting one, or with a sharing key the one that shares.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>The id of the sharing key that was given at the login.</summary>
    public string? SharingKeyId { get; init; }

    /// <summary>What the tokens permit, without duplicates.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>How often the grant was refreshed: the sequence of its current tokens.</summary>
    public int Sequence { get; init; }

    /// <summary>The version of the master key that makes the current tokens.</summary>
    public required int KeyVersion { get; init; }

    /// <summary>When the login took place.</summary>
    public required DateTimeOffset Issued { get; init; }

    /// <summary>When the current tokens were first issued.</summary>
    public required DateTimeOffset RotatedAt { get; init; }

    /// <summary>The first instant at which the current access token is no longer accepted, in whole seconds.</summary>
    public required DateTimeOffset AccessExpires { get; init; }

    /// <summary>The first instant at which the current refresh token is no longer accepted, in whole seconds; <see langword="null"/> if the login got no refresh token.</summary>
    public DateTimeOffset? RefreshExpires { get; init; }

    /// <summary>Whether a current token was presented, so that it is known to have arrived.</summary>
    public bool IsUsed { get; init; }

    /// <summary>When the grant was revoked.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Why the grant was revoked.</summary>
    public RevocationReason RevokedFor { get; init; }

    /// <summary>The first instant at which none of its tokens is accepted, so that a store may forget it.</summary>
    public DateTimeOffset Ends => RefreshExpires > AccessExpires ? RefreshExpires.Value : AccessExpires;

    /// <summary>Whether the grant was revoked, whatever else is unset.</summary>
    public bool IsRevoked => RevokedAt is not null || RevokedFor != RevocationReason.None;

    /// <summary>What the server builds from this version once and reuses for each request, such as its principal.</summary>
    internal object? Principal { get; set; }

    /// <summary>Whether the store has not confirmed this version yet, so that nobody has its tokens.</summary>
    internal bool IsUnconfirmed { get; set; }

    /// <summary>Decides what a refresh token of a sequence gets: the rule that a store applies, atomically, and by its own clock.</summary>
    /// <param name="sequence">The sequence that the refresh token carries.</param>
    /// <param name="terms">What the next tokens are made with.</param>
    /// <param name="now">The time by the clock of the store.</param>
    /// <returns>What becomes of it, and the version to store, which is this one if nothing changes.</returns>
    public GrantRotation Rotate(int sequence, GrantTerms terms, DateTimeOffset now)
    {
        if (IsRevoked)
        {
            return new GrantRotation(GrantRotationStatus.Revoked, this);
        }

        if (RefreshExpires is null || now >= RefreshExpires)
        {
            return new GrantRotation(GrantRotationStatus.Expired, this);
        }

        if (sequence == Sequence)
        {
            return new GrantRotation(GrantRotationStatus.Rotated, Next(Sequence + 1, terms, now));
        }

        // The answer may have been lost on its way, but not one whose tokens somebody has used. A clock that was set back
        // must not stretch the window, so the distance counts in both directions.
        if (sequence == Sequence - 1 && !IsUsed && (now - RotatedAt).Duration() <= SuccessorWindow)
        {
            return new GrantRotation(GrantRotationStatus.SameSuccessor, this);
        }

        // Where the store has failed for longer, the client still has nothing but this token: its refresh has not taken place.
        if (sequence == Sequence - 1 && IsUnconfirmed)
        {
            return new GrantRotation(GrantRotationStatus.Rotated, Next(Sequence, terms, now));
        }

        return new GrantRotation(GrantRotationStatus.Reused, Revoke(RevocationReason.RefreshReused, now));
    }

    /// <summary>Notes that a token of a sequence was presented.</summary>
    /// <param name="sequence">The sequence of the token.</param>
    /// <returns>The version to store, which is this one if nothing changes.</returns>
    public Grant MarkUsed(int sequence) =>
        IsUsed || IsRevoked || sequence != Sequence ? this : new Grant(this) { IsUsed = true };

    /// <summary>Revokes the grant.</summary>
    /// <param name="reason">Why; the first reason stays.</param>
    /// <param name="now">The time by the clock of the store.</param>
    /// <returns>The version to store, which is this one if the grant is revoked already.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reason"/> is <see cref="RevocationReason.None"/>.</exception>
    public Grant Revoke(RevocationReason reason, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(reason, RevocationReason.None);
        return IsRevoked ? this : new Grant(this) { RevokedAt = now, RevokedFor = reason };
    }

    /// <summary>Says whether the grant is one of those that an owner names.</summary>
    /// <param name="owner">By what it is named.</param>
    /// <param name="value">The Key or id, compared ordinally.</param>
    /// <returns><see langword="true"/> if it is; <see langword="false"/> if not, or if <paramref name="owner"/> is no named value.</returns>
    public bool Belongs(GrantOwner owner, string value) => owner switch
    {
        GrantOwner.Client => ClientKey == value,
        GrantOwner.Credential => CredentialId == value,
        GrantOwner.Application => ApplicationId == value,
        GrantOwner.Workspace => WorkspaceId == value || ActingWorkspaceId == value,
        GrantOwner.SharingKey => SharingKeyId == value,
        _ => false,
    };

    /// <summary>Shows the id and nothing else.</summary>
    /// <returns>The id in hexadecimal.</returns>
    public override string ToString() => Id.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Limits what the tokens of a grant that is not stored yet permit.</summary>
    internal Grant Narrow(IReadOnlyList<string> scopes) => new(this) { Scopes = scopes };

    private Grant Next(int sequence, GrantTerms terms, DateTimeOffset now) => new(this)
    {
        Sequence = sequence,
        KeyVersion = terms.KeyVersion,
        Scopes = terms.Scopes,
        RotatedAt = now,
        AccessExpires = GrantTerms.EndOf(now, terms.AccessLifetime),
        RefreshExpires = GrantTerms.EndOf(now, terms.RefreshLifetime),
        IsUsed = false,
    };
}
