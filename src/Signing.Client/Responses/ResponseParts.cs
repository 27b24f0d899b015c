using System.Net.Http.Headers;

namespace Signing.Client;

/// <summary>Holds of one exchange what the signature of its answer may cover.</summary>
internal sealed class ResponseParts
{
    private static readonly string[] NoFields = [];

    private readonly HttpRequestMessage _request;
    private readonly HttpResponseMessage _response;

    public ResponseParts(HttpRequestMessage request, HttpResponseMessage response, string label)
    {
        _request = request;
        _response = response;
        Label = label;
        RequestParts sent = RequestParts.Read(request, NoFields);
        Method = sent.Method;
        Scheme = sent.Scheme;
        Authority = sent.Authority.ToString();
        Target = sent.Target;
    }

    public string Method { get; }

    public string Scheme { get; }

    public string Authority { get; }

    public string Target { get; }

    /// <summary>Gets the label under which the request was signed.</summary>
    public string Label { get; }

    public int Status => (int)_response.StatusCode;

    /// <summary>Gets a line of the answer as it was received.</summary>
    public string? GetLine(ReadOnlySpan<char> name, int index, out int count)
    {
        string field = name.ToString();
        if (!_response.Headers.NonValidated.TryGetValues(field, out HeaderStringValues lines))
        {
            _response.Content.Headers.NonValidated.TryGetValues(field, out lines);
        }

        count = lines.Count;
        foreach (string line in lines)
        {
            if (index-- == 0)
            {
                return line;
            }
        }

        return null;
    }

    /// <summary>Gets a field of the request as it was sent: in one line.</summary>
    public string? GetRequestLine(ReadOnlySpan<char> name, int index, out int count)
    {
        string field = name.ToString();
        bool found = _request.Headers.NonValidated.TryGetValues(field, out HeaderStringValues lines)
            || _request.Content?.Headers.NonValidated.TryGetValues(field, out lines) == true;
        count = found ? 1 : 0;
        return index < count ? lines.ToString() : null;
    }
}
