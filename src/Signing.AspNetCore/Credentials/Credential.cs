namespace Signing.AspNetCore;

/// <summary>One version of a credential: whose requests its Secrets prove, and when they may.</summary>
/// <remarks>
/// A version never changes; a change at the source is another object. Ask the source for each request and keep none: a
/// kept version does not learn that the credential was revoked.
/// </remarks>
public sealed class Credential
{
    /// <summary>The most Secrets a credential has, ended ones included: each costs a MAC when a signature is wrong.</summary>
    public const int MaxSecrets = 4;

    /// <summary>Stands in for the index of a Secret where a token proved the holder.</summary>
    internal const int NoSecret = -1;

    // An ApiToken has one text for its whole life.
    private const int VersionOfAToken = 1;

    private readonly SigningKey[] _secrets;
    private readonly DateTimeOffset?[] _ends;
    private readonly int[] _versions;

    // When the use of each Secret was last noted, in ticks, after that without a Secret.
    private readonly long[] _noted;

    /// <summary>Creates a version.</summary>
    /// <param name="key">The public key id that requests name; of an ApiToken, what operators know it by.</param>
    /// <param name="secrets">At most <see cref="MaxSecrets"/>; none for a revoked credential, whose Secret is destroyed, and for an ApiToken.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, there are too many <paramref name="secrets"/>, or one has another key id.</exception>
    public Credential(string key, params ReadOnlySpan<CredentialSecret> secrets)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (secrets.Length > MaxSecrets)
        {
            throw new ArgumentException($"A credential has at most {MaxSecrets} Secrets.", nameof(secrets));
        }

        Key = key;
        Id = key;

        // The Secret that ends last comes first: it is the one callers use, and if one Secret is listed twice its later end counts.
        CredentialSecret[] ordered = [.. secrets.ToArray().OrderByDescending(secret => secret.Until ?? DateTimeOffset.MaxValue)];
        _secrets = new SigningKey[ordered.Length];
        _ends = new DateTimeOffset?[ordered.Length];
        _versions = new int[ordered.Length];
        _noted = new long[ordered.Length + 1];
        for (int i = 0; i < ordered.Length; i++)
        {
            if (!string.Equals(ordered[i].Key?.KeyId, key, StringComparison.Ordinal))
            {
                throw new ArgumentException("A Secret of a credential carries the credential's key id.", nameof(secrets));
            }

            _secrets[i] = ordered[i].Key;
            _ends[i] = ordered[i].Until;
            _versions[i] = ordered[i].Version;
        }
    }

    /// <summary>The public key id, as requests name it; compared ordinally.</summary>
    public string Key { get; }

    /// <summary>What kind it is; a KeyPair unless set.</summary>
    public CredentialKind Kind { get; init; } = CredentialKind.KeyPair;

    /// <summary>The Key of the KeyPair that a long-lived token was made from, and ends with; <see langword="null"/> for every other credential.</summary>
    public string? ParentKey { get; init; }

    /// <summary>Whether a KeyPair may log in by sending its Secret as <c>client_secret</c>, which it may unless set, or only by signing.</summary>
    public bool ClientSecretAllowed { get; init; } = true;

    /// <summary>The id of the credential, which stays when the Key changes; the Key unless set.</summary>
    public string Id { get; init; }

    /// <summary>What operators call it.</summary>
    public string? Name { get; init; }

    /// <summary>The id of the application whose program uses it.</summary>
    public string? ApplicationId { get; init; }

    /// <summary>What operators call the application.</summary>
    public string? ApplicationName { get; init; }

    /// <summary>Whether the application is suspended, and with it this credential.</summary>
    public bool ApplicationSuspended { get; init; }

    /// <summary>The id of the workspace it belongs to.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>Whether the workspace is disabled, and with it this credential.</summary>
    public bool WorkspaceDisabled { get; init; }

    /// <summary>The environment it is made for, such as <c>live</c> or <c>test</c>; compared ordinally.</summary>
    public string? Environment { get; init; }

    /// <summary>What its holder may do, without duplicates.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The APIs that its application is connected to, without duplicates; compared ordinally.</summary>
    /// <remarks>They open the endpoints that require an API; the others are open to every credential.</remarks>
    public IReadOnlyList<string> ConnectedApis { get; init; } = [];

    /// <summary>The first instant at which it is accepted.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The first instant at which it is no longer accepted.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>What an operator has decided about it; active unless set.</summary>
    public StoredStatus Status { get; init; } = StoredStatus.Active;

    /// <summary>The Secrets to verify with, the one that ends last first; give the index of the one that matched to <see cref="Evaluate(int, DateTimeOffset, string?)"/>.</summary>
    public ReadOnlySpan<SigningKey> Secrets => _secrets;

    /// <summary>What the server builds from this version once and reuses for each request, such as its principal.</summary>
    internal object? Principal { get; set; }

    /// <summary>Says whether the credential may be used now by a caller who proved that they hold one of its Secrets.</summary>
    /// <param name="matchedSecret">The index in <see cref="Secrets"/> of the Secret that verified.</param>
    /// <param name="now">The time of the request.</param>
    /// <param name="environment">The environment this API serves; <see langword="null"/> serves all.</param>
    /// <returns><see cref="CredentialStatus.Valid"/> if it may; else the first reason why not.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="matchedSecret"/> is not an index in <see cref="Secrets"/>, and the credential is not revoked.</exception>
    public CredentialStatus Evaluate(int matchedSecret, DateTimeOffset now, string? environment = null)
    {
        if (Status is StoredStatus.Active or StoredStatus.Suspended)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(matchedSecret);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(matchedSecret, _secrets.Length);
            return Evaluate(_ends[matchedSecret], now, environment);
        }

        return CredentialStatus.Revoked;
    }

    /// <summary>Says whether the credential may be used now by a caller who proved to be its holder without one of its Secrets: by an ApiToken, or by a token that was issued to it.</summary>
    /// <param name="now">The time of the request.</param>
    /// <param name="environment">The environment this API serves; <see langword="null"/> serves all.</param>
    /// <returns><see cref="CredentialStatus.Valid"/> if it may; else the first reason why not.</returns>
    public CredentialStatus Evaluate(DateTimeOffset now, string? environment = null) => Evaluate(endOfSecret: null, now, environment);

    /// <summary>Shows the key id and nothing else.</summary>
    /// <returns>The key id.</returns>
    public override string ToString() => Key;

    /// <summary>Gets what a store knows a Secret by.</summary>
    internal int VersionOf(int matchedSecret)
    {
        if (matchedSecret != NoSecret)
        {
            return _versions[matchedSecret];
        }

        return Kind == CredentialKind.ApiToken ? VersionOfAToken : 0;
    }

    /// <summary>Says to one request in <see cref="CredentialUses.Interval"/> that its use of a Secret is the one to note.</summary>
    internal bool TryNoteUse(int matchedSecret, DateTimeOffset now)
    {
        ref long noted = ref _noted[matchedSecret + 1];
        long known = Volatile.Read(ref noted);
        return now.UtcTicks - known >= CredentialUses.Interval.Ticks && Interlocked.CompareExchange(ref noted, now.UtcTicks, known) == known;
    }

    private CredentialStatus Evaluate(DateTimeOffset? endOfSecret, DateTimeOffset now, string? environment)
    {
        // Anything but the two other decisions counts as revoked, which tells a caller nothing.
        if (Status is not (StoredStatus.Active or StoredStatus.Suspended))
        {
            return CredentialStatus.Revoked;
        }

        // The surroundings win over the credential: they are what its holder has to ask about first.
        if (WorkspaceDisabled)
        {
            return CredentialStatus.WorkspaceDisabled;
        }

        if (ApplicationSuspended)
        {
            return CredentialStatus.ApplicationSuspended;
        }

        if (Status == StoredStatus.Suspended)
        {
            return CredentialStatus.Suspended;
        }

        if (environment is not null && !string.Equals(environment, Environment, StringComparison.Ordinal))
        {
            return CredentialStatus.EnvironmentMismatch;
        }

        if (now >= Expires || now >= endOfSecret)
        {
            return CredentialStatus.Expired;
        }

        if (now < NotBefore)
        {
            return CredentialStatus.NotYetValid;
        }

        return CredentialStatus.Valid;
    }
}
