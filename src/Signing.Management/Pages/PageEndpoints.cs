using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Signing.Management;

/// <summary>The page at each of its addresses, and the files it is made of.</summary>
internal static class PageEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    // Each is one page to a browser, so that a link can be shared and reloaded.
    private static readonly string[] Pages = ["", "/applications", "/applications/{id}", "/keys", "/sharing-keys", "/audit", "/health", "/workspaces"];

    public static void Map(RouteGroupBuilder group, DashboardFiles files)
    {
        foreach (string page in Pages)
        {
            int depth = page.Count('/');
            group.MapMethods(page, Reading, (HttpContext context) => TypedResults.Content(files.ShellAt(BaseOf(context.Request, depth)), "text/html; charset=utf-8"))
                .WithMetadata(new ManagementRoute(ManagementArea.Page)).ExcludeFromDescription();
        }

        group.MapMethods("/assets/{**name}", Reading, (HttpContext context, string? name) => Answer(context, files.Find(name)))
            .WithMetadata(new ManagementRoute(ManagementArea.Asset)).ExcludeFromDescription();
    }

    // What stands before the page's own part of the path: the path base, the prefix, and whatever groups it was mapped in.
    private static string BaseOf(HttpRequest request, int depth)
    {
        string path = request.Path.ToUriComponent().TrimEnd('/');
        for (int i = 0; i < depth; i++)
        {
            path = path[..path.LastIndexOf('/')];
        }

        return $"/{(request.PathBase.ToUriComponent() + path).Trim('/')}/".Replace("//", "/", StringComparison.Ordinal);
    }

    private static IResult Answer(HttpContext context, DashboardFile? file)
    {
        if (file is null)
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.ETag = file.Tag.ToString();
        return TypedResults.Bytes(file.Content, file.MediaType, entityTag: file.Tag);
    }
}
