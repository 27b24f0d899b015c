using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Signing.AspNetCore;

/// <summary>RFC 9111 §3.5. Keeps the answer to one caller out of caches that others read, as a cache should by itself for a proof in <c>Authorization</c>.</summary>
internal static class SharedCaches
{
    private const string Private = "private";

    // It is taken off before the answer starts. Were it sent, it would remove a cookie that nobody has.
    private const string Cookie = "signing=; max-age=0";

    private static readonly Func<object, Task> BeforeStart = static state =>
    {
        Complete(((HttpContext)state).Response.Headers);
        return Task.CompletedTask;
    };

    /// <summary>Sees to the answer of a request whose caller was let in.</summary>
    public static void KeepOut(HttpContext context)
    {
        HttpResponse response = context.Response;
        if (!IsKept(context.Request.Method) || response.HasStarted)
        {
            return;
        }

        response.OnStarting(BeforeStart, context);

        // ASP.NET's own caches keep no answer to a request with Authorization, whatever the answer permits. The older one may stand
        // on either side of the door and decides before the answer starts, by fields that attributes write anew; it keeps none that
        // sets a cookie, and that field is left alone. The newer one knows users behind the door, and in front of it can be told.
        response.Headers.Append(HeaderNames.SetCookie, Cookie);
        if (context.Features.Get<IOutputCacheFeature>() is { } cache)
        {
            cache.Context.AllowCacheStorage = false;
        }
    }

    /// <summary>Completes the fields of the answer to a caller who was let in, if whoever signs them comes first.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="method">The method that was asked with.</param>
    public static void Complete(HttpResponse response, string method)
    {
        if (IsKept(method))
        {
            Complete(response.Headers);
        }
    }

    private static void Complete(IHeaderDictionary fields)
    {
        StringValues cookies = fields.SetCookie;
        if (cookies.Count > 0)
        {
            fields.SetCookie = cookies.Count == 1 && cookies[0] == Cookie ? default : cookies.Where(static cookie => cookie != Cookie).ToArray();
        }

        StringValues lines = fields.CacheControl;
        if (lines.Count == 0)
        {
            fields.CacheControl = Private;
        }
        else if (!DecidesItself(lines))
        {
            fields.AppendCommaSeparatedValues(HeaderNames.CacheControl, Private);
        }
    }

    // Caches keep the answers of no other methods, unless these say for how long and for which URL.
    private static bool IsKept(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    // RFC 9111 §3.5 and §5.2.2: these permit what the proof forbids, or forbid it themselves.
    private static bool DecidesItself(StringValues lines) =>
        CacheControlHeaderValue.TryParse(string.Join(',', lines.ToArray()), out CacheControlHeaderValue? control)
        && (control.NoStore || control.Public || control.MustRevalidate || control.SharedMaxAge is not null || (control.Private && control.PrivateHeaders.Count == 0));
}
