using Microsoft.AspNetCore.Http;

namespace Signing.Management;

/// <summary>What every answer says to browsers and caches, refusals included.</summary>
internal static class AnswerHeaders
{
    // Nothing but our own files, no inline code or style, no frame, and no text that becomes markup.
    private const string PagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'self'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'";

    public static void Set(HttpResponse response, ManagementArea area)
    {
        IHeaderDictionary headers = response.Headers;
        headers.ContentSecurityPolicy = area == ManagementArea.Page ? PagePolicy : DataPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = area == ManagementArea.Asset ? "private, no-cache" : "no-store";
    }
}
