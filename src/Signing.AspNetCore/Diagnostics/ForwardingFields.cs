using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>What proxies add to the requests they pass on, and what ASP.NET's forwarded-headers middleware leaves of it.</summary>
internal static class ForwardingFields
{
    private static readonly string[] Names = ["forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip", "x-azure-clientip", "x-amzn-trace-id"];

    private static readonly string[] Beginnings = ["x-forwarded-", "x-original-"];

    /// <summary>Names those that a request has, in lower case and in order; their values stay where they are.</summary>
    public static IEnumerable<string> In(IHeaderDictionary fields) =>
        fields.Keys.Select(static name => name.ToLowerInvariant())
            .Where(static name => Names.Contains(name, StringComparer.Ordinal) || Beginnings.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
}
