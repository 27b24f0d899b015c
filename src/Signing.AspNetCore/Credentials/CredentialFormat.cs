using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Signing.AspNetCore;

/// <summary>Makes and checks the texts of Keys, Secrets and ApiTokens: <c>prefix_kind_environment_random</c>.</summary>
/// <remarks>
/// <code>
/// acme_key_live_5YwJ3bqX0eTnP8kVhR2sZd                                     22 characters, 128 random bits
/// acme_secret_live_…                                                       43 characters, 256 random bits, and
/// acme_token_live_…                                                        6 characters of checksum (CRC-32C)
/// acme_sharing_key_…                                                       the same, without an environment
/// </code>
/// There are only letters, digits and underscores, so that a double-click selects all of it. The checksum finds typing errors
/// before anything is looked up; it proves nothing, because anybody can compute it.
/// </remarks>
public sealed class CredentialFormat
{
    /// <summary>The prefix that the schemes look for unless told otherwise: <c>sgn</c>.</summary>
    public const string UsualPrefix = "sgn";

    /// <summary>The longest prefix, in characters.</summary>
    public const int MaxPrefixLength = 16;

    /// <summary>The longest environment, in characters.</summary>
    public const int MaxEnvironmentLength = 16;

    /// <summary>How many characters of a Key are random: 22, for 128 bits and a little more.</summary>
    public const int KeyRandomLength = 22;

    /// <summary>How many characters of a Secret or ApiToken are random: 43, for 256 bits and a little more.</summary>
    public const int SecretRandomLength = 43;

    /// <summary>How many characters the checksum of a Secret or ApiToken has.</summary>
    public const int ChecksumLength = 6;

    // A sharing key has no environment; this stands in its place.
    private const string SharingKeyEnvironment = "key";

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz");

    /// <summary>Creates the format of one host.</summary>
    /// <param name="prefix">What every text begins with: a small letter, then small letters and digits, at most <see cref="MaxPrefixLength"/> in all.</param>
    /// <exception cref="ArgumentException"><paramref name="prefix"/> has another shape.</exception>
    public CredentialFormat(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (!IsPrefix(prefix))
        {
            throw new ArgumentException($"A prefix has 1 to {MaxPrefixLength} small letters and digits, the first a letter.", nameof(prefix));
        }

        Prefix = prefix;
    }

    /// <summary>What every text begins with.</summary>
    public string Prefix { get; }

    /// <summary>Draws a new Key: public, unguessable enough to be unique.</summary>
    /// <param name="environment">What it is made for, such as <c>live</c>: small letters and digits, at most <see cref="MaxEnvironmentLength"/>.</param>
    /// <returns>The Key.</returns>
    /// <exception cref="ArgumentException"><paramref name="environment"/> has another shape.</exception>
    public string CreateKey(string environment) => Create(CredentialTextKind.Key, environment);

    /// <summary>Draws a new Secret.</summary>
    /// <param name="environment">What it is made for, such as <c>live</c>: small letters and digits, at most <see cref="MaxEnvironmentLength"/>.</param>
    /// <returns>The Secret; the only copy there is.</returns>
    /// <exception cref="ArgumentException"><paramref name="environment"/> has another shape.</exception>
    public string CreateSecret(string environment) => Create(CredentialTextKind.Secret, environment);

    /// <summary>Draws a new ApiToken.</summary>
    /// <param name="environment">What it is made for, such as <c>live</c>: small letters and digits, at most <see cref="MaxEnvironmentLength"/>.</param>
    /// <returns>The ApiToken; the only copy there is.</returns>
    /// <exception cref="ArgumentException"><paramref name="environment"/> has another shape.</exception>
    public string CreateApiToken(string environment) => Create(CredentialTextKind.ApiToken, environment);

    /// <summary>Draws a new sharing key.</summary>
    /// <returns>The sharing key; the only copy there is.</returns>
    public string CreateSharingKey() => Create(CredentialTextKind.SharingKey, SharingKeyEnvironment);

    /// <summary>Checks a text of any kind, to the last character and without allocating.</summary>
    /// <param name="text">The text, exactly as it was received: nothing is trimmed.</param>
    /// <param name="parts">What it is and what for.</param>
    /// <returns><see langword="true"/> if the text has this prefix and its checksum is right; <see langword="false"/> if it was not made by this format.</returns>
    public bool TryRead(ReadOnlySpan<char> text, out CredentialText parts)
    {
        parts = default;

        // The most frequent first.
        foreach (CredentialTextKind kind in (ReadOnlySpan<CredentialTextKind>)[CredentialTextKind.ApiToken, CredentialTextKind.Key, CredentialTextKind.Secret, CredentialTextKind.SharingKey])
        {
            if (Begins(text, kind))
            {
                return TryReadRest(text, Prefix.Length + InfixOf(kind).Length, kind, out parts);
            }
        }

        return false;
    }

    /// <summary>Says whether a text begins as one of this prefix and kind does, so that what follows is worth an answer of ours.</summary>
    internal bool Begins(ReadOnlySpan<char> text, CredentialTextKind kind) =>
        text.StartsWith(Prefix) && text[Prefix.Length..].StartsWith(InfixOf(kind));

    internal static bool IsPrefix([NotNullWhen(true)] string? prefix) => IsName(prefix, MaxPrefixLength) && !char.IsAsciiDigit(prefix![0]);

    internal static bool IsEnvironment([NotNullWhen(true)] string? environment) => IsName(environment, MaxEnvironmentLength);

    /// <summary>Says whether a text of any prefix and kind has the length and the checksum of what must stay secret.</summary>
    internal static bool IsSecret(ReadOnlySpan<char> text) =>
        text.Length - text.LastIndexOf('_') - 1 == SecretRandomLength + ChecksumLength && Ascii.IsValid(text) && HasChecksum(text);

    private static bool TryReadRest(ReadOnlySpan<char> text, int start, CredentialTextKind kind, out CredentialText parts)
    {
        parts = default;
        ReadOnlySpan<char> rest = text[start..];
        int tail = TailLengthOf(kind);
        int environment = rest.Length - tail - 1;
        if (environment < 0 || rest[environment] != '_' || !IsName(rest[..environment], MaxEnvironmentLength) || !Base62.Is(rest[^tail..]))
        {
            return false;
        }

        if (kind != CredentialTextKind.Key && !HasChecksum(text))
        {
            return false;
        }

        if (kind == CredentialTextKind.SharingKey && !rest[..environment].SequenceEqual(SharingKeyEnvironment))
        {
            return false;
        }

        parts = new CredentialText(kind, kind == CredentialTextKind.SharingKey ? [] : rest[..environment]);
        return true;
    }

    private static bool HasChecksum(ReadOnlySpan<char> text)
    {
        Span<char> expected = stackalloc char[ChecksumLength];
        Base62.Write(ChecksumOf(text[..^ChecksumLength]), expected);
        return text[^ChecksumLength..].SequenceEqual(expected);
    }

    // CRC-32C as RFC 3720 appendix B.4 has it: begun with ones, and turned over in the end. All characters are ASCII by now.
    private static uint ChecksumOf(ReadOnlySpan<char> text)
    {
        uint crc = uint.MaxValue;
        foreach (char c in text)
        {
            crc = BitOperations.Crc32C(crc, (byte)c);
        }

        return ~crc;
    }

    private static int TailLengthOf(CredentialTextKind kind) => kind == CredentialTextKind.Key ? KeyRandomLength : SecretRandomLength + ChecksumLength;

    private static string InfixOf(CredentialTextKind kind) => kind switch
    {
        CredentialTextKind.Key => "_key_",
        CredentialTextKind.Secret => "_secret_",
        CredentialTextKind.SharingKey => "_sharing_",
        _ => "_token_",
    };

    private static bool IsName(ReadOnlySpan<char> text, int maxLength) =>
        text.Length > 0 && text.Length <= maxLength && !text.ContainsAnyExcept(NameCharacters);

    private string Create(CredentialTextKind kind, string environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (!IsName(environment, MaxEnvironmentLength))
        {
            throw new ArgumentException($"An environment has 1 to {MaxEnvironmentLength} small letters and digits.", nameof(environment));
        }

        string head = string.Concat(Prefix, InfixOf(kind), environment, "_");
        return string.Create(head.Length + TailLengthOf(kind), (head, kind), static (text, made) =>
        {
            made.head.CopyTo(text);
            Span<char> tail = text[made.head.Length..];
            Span<char> random = made.kind == CredentialTextKind.Key ? tail : tail[..SecretRandomLength];

            // Each character is drawn by itself and without bias, so that none is more likely than another.
            RandomNumberGenerator.GetItems(Base62.Alphabet, random);
            if (made.kind != CredentialTextKind.Key)
            {
                Base62.Write(ChecksumOf(text[..^ChecksumLength]), tail[SecretRandomLength..]);
            }
        });
    }
}
