using System.Net;
using System.Net.Http.Headers;
using Signing.Client;
using Signing.Tests.Fuzz;
using Next = System.Func<System.Net.Http.HttpRequestMessage, System.Threading.Tasks.Task<System.Net.Http.HttpResponseMessage>>;

namespace Signing.Tests.Client.Around;

/// <summary>What other people's handlers do with a request on its way to ours.</summary>
internal static class AroundActs
{
    public static readonly string[] All = ["none", "none", "again", "copy", "follow", "follow copy", "address", "field", "type", "content", "own token", "key", "cache", "throws before", "throws after"];

    /// <summary>Does one of them.</summary>
    /// <param name="what">Which one.</param>
    /// <param name="draw">What else there is to choose.</param>
    /// <param name="request">The request.</param>
    /// <param name="next">Sends a request on.</param>
    /// <param name="between">What happens between two sendings.</param>
    /// <param name="other">A key of the caller's own.</param>
    public static async Task<HttpResponseMessage> DoAsync(string what, Draw draw, HttpRequestMessage request, Next next, Action<HttpRequestMessage> between, SigningKey other)
    {
        switch (what)
        {
            case "again" or "copy":
                return await RepeatAsync(what == "copy", draw, request, next, between, other);
            case "follow" or "follow copy":
                return await FollowAsync(what != "follow", request, next, between);
            case "address":
                request.RequestUri = new Uri(draw.Of(AroundSettings.Origins) + request.RequestUri!.PathAndQuery);
                break;
            case "field":
                request.Headers.TryAddWithoutValidation("x-added", "1");
                break;
            case "type" when request.Content is { } content:
                content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
                break;
            case "content" when request.Content is not null:
                request.Content = new StringContent(draw.Of("", "another body", "one"));
                break;
            case "own token":
                request.Headers.TryAddWithoutValidation(draw.Of("Authorization", "X-Token"), "their own");
                break;
            case "key":
                request.Options.Set(SigningOverrides.Key, other);
                break;
            case "cache" when request.Method == HttpMethod.Get:
                return new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new StringContent("cached") };
            case "throws before":
                throw new TimeoutException("A handler fails before.");
            case "throws after":
                (await next(request)).Dispose();
                throw new TimeoutException("A handler fails after.");
        }

        return await next(request);
    }

    private static async Task<HttpResponseMessage> RepeatAsync(bool copies, Draw draw, HttpRequestMessage request, Next next, Action<HttpRequestMessage> between, SigningKey other)
    {
        for (int attempt = draw.Of(1, 1, 2); attempt > 0; attempt--)
        {
            try
            {
                (await next(request)).Dispose();
            }
            catch (HttpRequestException)
            {
                // That is what it repeats for.
            }

            between(request);
            if (draw.OneIn(8))
            {
                request.Options.Set(SigningOverrides.Key, other);
            }
            else if (draw.OneIn(8))
            {
                ((IDictionary<string, object?>)request.Options).Remove(SigningOverrides.Key.Key);
            }

            if (draw.OneIn(6) && request.Content is not null)
            {
                request.Content = new StringContent("exchanged");
            }

            request = copies ? Copy(request) : request;
        }

        return await next(request);
    }

    private static async Task<HttpResponseMessage> FollowAsync(bool copies, HttpRequestMessage request, Next next, Action<HttpRequestMessage> between)
    {
        for (int hop = 0; ; hop++)
        {
            HttpResponseMessage response = await next(request);
            if (hop == 3 || response.Headers.Location is not { } location)
            {
                return response;
            }

            between(request);
            request = copies ? Copy(request) : request;
            request.RequestUri = new Uri(request.RequestUri!, location);
            if (response.StatusCode == HttpStatusCode.SeeOther)
            {
                request.Method = HttpMethod.Get;
                request.Content = null;
            }

            response.Dispose();
        }
    }

    // As it is found in many programs: everything but what nobody thinks of.
    private static HttpRequestMessage Copy(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = request.Content, Version = request.Version, VersionPolicy = request.VersionPolicy };
        foreach (KeyValuePair<string, HeaderStringValues> field in request.Headers.NonValidated)
        {
            copy.Headers.TryAddWithoutValidation(field.Key, field.Value);
        }

        foreach ((string name, object? value) in request.Options)
        {
            ((IDictionary<string, object?>)copy.Options)[name] = value;
        }

        return copy;
    }
}
