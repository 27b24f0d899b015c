namespace Signing.Client;

/// <summary>Names a scheme, host and port (RFC 6454 §4), as <see cref="Uri"/> has normalised them.</summary>
internal readonly record struct Origin(string Scheme, string Host, int Port)
{
    public static Origin Of(Uri uri) => new(Transport.SchemeOf(uri), uri.IdnHost, uri.Port);

    /// <summary>RFC 6454 §6.2, but with the port always: it is often what differs.</summary>
    public override string ToString() => $"{Scheme}://{Host}:{Port}";
}
