using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Signing.Client;

/// <summary>Says with which Key and Secret a client logs in, where, and which requests carry the token.</summary>
[DebuggerDisplay("Key = {Key}")]
public sealed class AccessTokenOptions
{
    /// <summary>The name of the <see cref="HttpClient"/> that talks to token endpoints; configure it to give it a proxy, certificates, headers or an HTTP version.</summary>
    public const string BackchannelName = "Signing.Client.Backchannel";

    /// <summary>The public Key, which is the client id: 1 to 256 printable ASCII characters.</summary>
    public string Key { get; set; } = "";

    /// <summary>The Secret exactly as it was shown, at least 16 bytes in UTF-8; by default it signs the login and is never sent.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    [JsonIgnore]
    public string Secret { get; set; } = "";

    /// <summary>How the client proves who it is; by signing unless set.</summary>
    public LoginMethod Login { get; set; } = LoginMethod.Signature;

    /// <summary>Where tokens are issued.</summary>
    public AccessTokenEndpoints Endpoints { get; set; } = new();

    /// <summary>A key by which another workspace shares its data with this client: printable ASCII, at most 512 characters; <see langword="null"/> for the client's own workspace.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    [JsonIgnore]
    public string? SharingKey { get; set; }

    /// <summary>The scopes to ask for; none by default, which asks for all that the client may have.</summary>
    public IList<string> Scopes { get; set; } = [];

    /// <summary>The header the token travels in, and the origins that get it.</summary>
    public TokenHeaderOptions Header { get; set; } = new();

    /// <summary>Whether tokens may travel over <c>http</c> to hosts other than this machine; <see langword="false"/> by default.</summary>
    /// <remarks>Whoever reads a token on its way can use it.</remarks>
    public bool AllowPlainHttp { get; set; }

    // Where the settings stand that made these options, for messages.
    internal string? Section { get; set; }

    /// <summary>Shows the Key, never a secret.</summary>
    /// <returns><see cref="Key"/>.</returns>
    public override string ToString() => Key;
}
