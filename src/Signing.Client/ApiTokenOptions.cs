using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Signing.Client;

/// <summary>Says which long-lived token a client sends, and where.</summary>
public sealed class ApiTokenOptions
{
    /// <summary>The token exactly as it was shown: printable ASCII without spaces.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    [JsonIgnore]
    public string Token { get; set; } = "";

    /// <summary>The header the token travels in, and the origins that get it.</summary>
    public TokenHeaderOptions Header { get; set; } = new();

    /// <summary>Whether the token may travel over <c>http</c> to hosts other than this machine; <see langword="false"/> by default.</summary>
    /// <remarks>Whoever reads a token on its way can use it.</remarks>
    public bool AllowPlainHttp { get; set; }

    // Where the settings stand that made these options, for messages.
    internal string? Section { get; set; }

    /// <summary>Shows the header, never the token.</summary>
    /// <returns>The name of the header.</returns>
    public override string ToString() => Header.Name;
}
