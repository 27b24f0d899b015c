using System.Text;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Model;

/// <summary>One request of a caller, as it was drawn.</summary>
internal sealed record Asked(Place Place, HttpMethod Method, Dictionary<string, string> Fields, string Body, byte[] Bytes, IReadOnlyList<string>? Components, string? Tag, bool OtherKey)
{
    public bool HasBody => Body != "none";

    /// <summary>Gets whether the same bytes can be had from it again.</summary>
    public bool CanBeReadAgain => Body is "none" or "bytes" or "text" or "seekable";

    /// <summary>Gets whether its length is known to be at most what is kept in memory.</summary>
    public bool IsAnnounced => Body is "sized";

    public bool Has(string field) => Fields.ContainsKey(field) || (field == "content-type" && Body == "text");

    public HttpRequestMessage ToMessage()
    {
        var request = new HttpRequestMessage(Method, Place.Address);
        foreach ((string name, string value) in Fields)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content = Body switch
        {
            "none" => null,
            "bytes" => new ByteArrayContent(Bytes),
            "text" => new StringContent(Encoding.ASCII.GetString(Bytes)),
            "seekable" => new StreamContent(new MemoryStream(Bytes)),
            "own" => new OnceContent(Bytes),
            _ => new StreamContent(new OneWayStream(Bytes)),
        };
        if (IsAnnounced)
        {
            request.Content!.Headers.ContentLength = Bytes.Length;
        }

        return request;
    }

    public override string ToString() =>
        $"{Method} {Place.Address} [{string.Join(' ', Fields.Keys)}] {Body} {Bytes.Length} +[{string.Join(' ', Components ?? [])}] tag={Tag}{(OtherKey ? " other key" : "")}";
}
