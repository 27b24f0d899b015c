namespace Signing.Tests.Client.Model;

/// <summary>What a server answers to one sending, in parts that the model understands without reading header fields.</summary>
internal sealed class Told
{
    public int Status { get; init; } = 200;

    /// <summary>Gets the wire code of the challenge of our scheme.</summary>
    public string? Code { get; init; }

    /// <summary>Gets the challenge of another scheme.</summary>
    public string? Challenge { get; init; }

    public string[] Dates { get; init; } = [];

    /// <summary>Gets what <see cref="Dates"/> says if it is exactly one date.</summary>
    public DateTimeOffset? Date { get; init; }

    public bool HasAge { get; init; }

    public Wish Wish { get; init; } = Wish.None;

    public int? RetryAfter { get; init; }

    public bool Breaks { get; init; }

    /// <summary>Gets where a redirect leads.</summary>
    public string Location { get; init; } = "https://evil.example/";

    public HttpResponseMessage ToResponse()
    {
        var response = new HttpResponseMessage((System.Net.HttpStatusCode)Status) { Content = new ByteArrayContent([]) };
        foreach (string date in Dates)
        {
            response.Headers.TryAddWithoutValidation("Date", date);
        }

        Add(response, "WWW-Authenticate", Code is null ? null : $"Signature realm=\"a, error=\\\"x\\\"\", error=\"{Code}\"");
        Add(response, "WWW-Authenticate", Challenge);
        Add(response, "Age", HasAge ? "7" : null);
        Add(response, "Retry-After", RetryAfter?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Add(response, "Location", Status is >= 301 and <= 308 ? Location : null);
        foreach (string line in Wish.Lines)
        {
            Add(response, "Accept-Signature", line);
        }

        return response;
    }

    public override string ToString() =>
        $"{Status} {Code}{(Challenge is null ? "" : " + " + Challenge)} Date={string.Join('|', Dates)}{(HasAge ? " Age" : "")} Retry-After={RetryAfter} Accept-Signature={string.Join(" | ", Wish.Lines)}{(Breaks ? " breaks" : "")}";

    private static void Add(HttpResponseMessage response, string name, string? value)
    {
        if (value is not null)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
