using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCaching;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Signing.AspNetCore;

/// <summary>RFC 9111 §3.5. Keeps the answer to one caller out of caches that others read, as every cache does by itself for a proof in <c>Authorization</c>.</summary>
internal static class SharedCaches
{
    private const string Private = "private";

    private static readonly Func<object, Task> BeforeStart = static state =>
    {
        IHeaderDictionary fields = ((HttpContext)state).Response.Headers;
        StringValues lines = fields.CacheControl;
        if (lines.Count == 0)
        {
            fields.CacheControl = Private;
        }
        else if (!DecidesItself(lines))
        {
            fields.AppendCommaSeparatedValues(HeaderNames.CacheControl, Private);
        }

        return Task.CompletedTask;
    };

    /// <summary>Sees to the answer of a request whose caller was let in.</summary>
    /// <param name="context">The request.</param>
    /// <param name="proof">The field that the proof is in.</param>
    public static void KeepOut(HttpContext context, string proof)
    {
        // Caches keep the answers of no other methods, unless these say for how long and for which URL.
        string method = context.Request.Method;
        HttpResponse response = context.Response;
        if ((!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method)) || response.HasStarted)
        {
            return;
        }

        response.OnStarting(BeforeStart, context);

        // ASP.NET's own cache keeps no answer to a request with Authorization, whatever the answer permits, and decides before
        // the answer starts.
        if (context.Features.Get<IResponseCachingFeature>() is not null)
        {
            response.Headers.Append(HeaderNames.Vary, proof);
        }
    }

    // RFC 9111 §3.5 and §5.2.2: these permit what the proof forbids, or forbid it themselves.
    private static bool DecidesItself(StringValues lines) =>
        CacheControlHeaderValue.TryParse(string.Join(',', lines.ToArray()), out CacheControlHeaderValue? control)
        && (control.NoStore || control.Public || control.MustRevalidate || control.SharedMaxAge is not null || (control.Private && control.PrivateHeaders.Count == 0));
}
