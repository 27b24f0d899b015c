using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Signing.Client;

/// <summary>Says with which Key and Secret a client signs its requests, and how.</summary>
[DebuggerDisplay("Key = {Key}")]
public sealed class MessageSigningOptions
{
    /// <summary>The default of <see cref="MaxBufferedBytes"/>, in bytes: 1 MiB, which is also what the server reads by default.</summary>
    public const long DefaultMaxBufferedBytes = 1024 * 1024;

    /// <summary>The public Key, sent as <c>keyid</c>: 1 to 256 printable ASCII characters.</summary>
    public string Key { get; set; } = "";

    /// <summary>The Secret exactly as it was shown, at least 16 bytes in UTF-8; it is never sent, logged or quoted in a message.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    [JsonIgnore]
    public string Secret { get; set; } = "";

    /// <summary>What is covered, and which parameters are sent.</summary>
    public SigningPolicy Policy { get; set; } = new();

    /// <summary>The algorithm of the <c>Content-Digest</c> that the client computes, or both; <c>sha-256</c> by default.</summary>
    public DigestAlgorithms Digest { get; set; } = DigestAlgorithms.Sha256;

    /// <summary>How many bytes of a body are kept in memory if it cannot be read twice; a longer one is refused before anything is sent; from 0, and 1 MiB by default.</summary>
    /// <remarks>Bytes, text, forms and seekable streams are read twice instead, and may have any length.</remarks>
    public long MaxBufferedBytes { get; set; } = DefaultMaxBufferedBytes;

    /// <summary>Whether requests may go over <c>http</c> to hosts other than this machine; <see langword="false"/> by default.</summary>
    /// <remarks>A signature does not hide anything: over <c>http</c> everybody on the way reads the request and the answer.</remarks>
    public bool AllowPlainHttp { get; set; }

    /// <summary>Whether the client adjusts to what a refusal says (clock offset, further components, a server that has just started, a header rewritten after it was signed) and sends again, at most three times in all; <see langword="true"/> by default.</summary>
    /// <remarks>Over <c>http</c> from another machine it does so for a rewritten header only, because anybody on the way can write a refusal.</remarks>
    public bool LearnFromServer { get; set; } = true;

    /// <summary>Which signature an answer must have to be handed on; none by default.</summary>
    public ResponseVerificationOptions Responses { get; set; } = new();

    // Where the settings stand that made these options, for messages.
    internal string? Section { get; set; }

    // What the registration before asked for under the client's own name; two that differ in what tells signatures apart are two signatures.
    internal (string Key, string Label, string? Tag)? Asked { get; private set; }

    internal bool AsksForTwo { get; private set; }

    /// <summary>Shows the Key, never the Secret.</summary>
    /// <returns><see cref="Key"/>.</returns>
    public override string ToString() => Key;

    internal void NoteRegistration()
    {
        if (Key.Length == 0 || Policy is not { } policy)
        {
            return;
        }

        AsksForTwo |= Asked is { } before && before.Key != Key && (before.Label != policy.Label || before.Tag != policy.Tag);
        Asked = (Key, policy.Label, policy.Tag);
    }

    // For a handler that owns its options: what the caller changes later must not change what was validated.
    internal MessageSigningOptions Copy() => (MessageSigningOptions)MemberwiseClone();
}
