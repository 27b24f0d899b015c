namespace Signing.Interop.Tests.Matrix;

/// <summary>A message of the matrix, and what makes its tampered twin.</summary>
public sealed record Message(string Name, string Method, string Target)
{
    private const string OurHost = "api.example.com";
    private const string Stranger = "stranger.example";
    private const string Json = "application/json";

    private static readonly (string From, string To)[] AddedContent = [("Content-Length: 0", "Content-Length: 2"), ("\r\n\r\n", "\r\n\r\n[]")];

    /// <summary>Gets the hosts and ports that messages are sent to.</summary>
    public static string[] Authorities => [.. All.Select(message => message.Authority).Distinct()];

    public static IReadOnlyList<Message> All { get; } =
    [
        new("GET without query", "GET", "/orders") { Tampering = [("/orders HTTP", "/orders?all=1 HTTP")] },
        new("GET with query", "GET", "/orders?q=tea&sort=-price&empty=&flag") { Tampering = [("q=tea", "q=gin")] },
        new("GET with an apostrophe in the query", "GET", "/orders?name=O'Neill") { Tampering = [("Neill", "Neall")] },
        new("encoded path", "GET", "/caf%C3%A9/a%20b") { Tampering = [("caf%C3%A9", "caf%C3%A8")] },
        new("encoded slash", "GET", "/files%2Freports/caf%C3%A9") { Tampering = [("%2F", "/")] },
        new("JSON", "POST", "/orders") { Type = Json, Body = """{"item":"tea","count":2}""", Tampering = [("\"count\":2", "\"count\":9")] },
        new("form", "POST", "/orders") { Type = "application/x-www-form-urlencoded", Body = "item=green+tea&off=50%25", Tampering = [("green+tea", "green%tea")] },
        new("empty body", "POST", "/orders") { Type = Json, Body = "", Tampering = AddedContent },
        new("POST without content", "POST", "/orders") { Tampering = AddedContent },
        new("repeated header", "GET", "/orders") { List = ["tea", "milk"], Tampering = [("X-List: tea", "X-List: gin")] },
        new("IPv6 authority", "GET", "/orders") { Host = "[2001:db8::1]", Port = ":8443", OtherHost = "[2001:db8::2]" },
        new("default port in Host", "GET", "/orders") { WritesDefaultPort = true, OtherHost = Stranger },
        new("chunked", "POST", "/orders") { Type = Json, Body = """{"item":"tea","count":2}""", IsChunked = true, Tampering = [("tea", "gin")] },
    ];

    /// <summary>Every name that a certificate has to have.</summary>
    public static string[] Hosts => [OurHost, Stranger, "2001:db8::1", "2001:db8::2"];

    public string Host { get; init; } = OurHost;

    /// <summary>Gets the port with its colon, if the address has one.</summary>
    public string Port { get; init; } = "";

    public string? Type { get; init; }

    public string? Body { get; init; }

    public string[] List { get; init; } = [];

    public bool IsChunked { get; init; }

    public bool WritesDefaultPort { get; init; }

    /// <summary>Gets the authority of the server that is called; a twin that is signed for another goes there all the same.</summary>
    public string Authority => (CarriedTo ?? Host) + Port;

    /// <summary>What somebody on the way replaces in the bytes that are sent.</summary>
    public (string From, string To)[] Tampering { get; init; } = [];

    /// <summary>For whom the twin is signed in truth; it is then brought to us under our own name.</summary>
    public string? OtherHost { get; init; }

    /// <summary>Where a message goes that was signed for somebody else.</summary>
    private string? CarriedTo { get; init; }

    /// <summary>The code by which our server refuses the twin.</summary>
    public string TwinsCode => (Body, Tampering == AddedContent) switch
    {
        (null, true) => "missing_digest",
        (null, false) => "invalid_credential",
        _ => "digest_mismatch",
    };

    /// <summary>What a server on one of the libraries says to the twin.</summary>
    public string TwinsReason => TwinsCode switch
    {
        "missing_digest" => "there is no digest",
        "digest_mismatch" => "the digest is another one",
        _ => "the signature is another one",
    };

    public Message Twin() => OtherHost is null ? this : this with { Host = OtherHost, CarriedTo = Host, Tampering = [($"Host: {OtherHost}", $"Host: {Host}")] };

    public Uri Address(string scheme, string prefix) => new($"{scheme}://{Host}{Port}{prefix}{Target}");

    public string HostField(string scheme) => WritesDefaultPort ? $"{Host}:{(scheme == "https" ? 443 : 80)}" : Host + Port;
}
