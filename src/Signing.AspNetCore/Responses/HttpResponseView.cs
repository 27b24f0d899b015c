using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>RFC 9421 §2.4. Shows a response to the core, with the request that it answers.</summary>
internal readonly struct HttpResponseView(HttpResponse response, SignedRequest request) : ISignableMessage
{
    private readonly IHeaderDictionary _fields = response.Headers;

    public static bool IsResponse => true;

    public ReadOnlySpan<char> Method => request.Method;

    public ReadOnlySpan<char> Scheme => request.Scheme;

    public ReadOnlySpan<char> Authority => request.Authority;

    public ReadOnlySpan<char> RequestTarget => request.Target;

    public int Status => response.StatusCode;

    public ReadOnlySpan<char> RequestLabel => request.Label;

    public ReadOnlySpan<char> GetFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count) => FieldNames.LineOf(_fields, lowerCaseName, index, out count);

    public ReadOnlySpan<char> GetRequestFieldLine(ReadOnlySpan<char> lowerCaseName, int index, out int count) =>
        FieldNames.LineOf(request.Fields, lowerCaseName, index, out count);
}
