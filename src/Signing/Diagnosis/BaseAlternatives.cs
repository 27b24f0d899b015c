namespace Signing;

/// <summary>RFC 9421 §2. Lists what a signer may have signed in the place of what the verifier sees: what proxies, frameworks and hand-written signers make of it.</summary>
internal sealed class BaseAlternatives(CalledTarget called, Func<string, string[]> linesOf)
{
    private const int MaxPermuted = 5;
    private const int MaxHosts = 16;
    private const int MaxPairs = 32;
    private const int MaxPrefixSegments = 4;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    private static readonly string[] OriginalTargets = ["x-original-uri", "x-original-url", "x-rewrite-url", "x-envoy-original-path", "x-forwarded-uri"];

    /// <summary>Lists the values that may have been signed for a component, the seen one left out, and those that no line of a base can have.</summary>
    public List<string> Of(string component, string seen) =>
        [.. All(component[1..component.IndexOf('"', 1)], seen).OfType<string>().Where(value => value != seen && !value.Any(c => char.IsControl(c) && c != '\t')).Distinct(StringComparer.Ordinal)];

    private IEnumerable<string?> All(string name, string seen) => name switch
    {
        "@method" => [.. Methods, seen.ToLowerInvariant(), seen.ToUpperInvariant(), .. linesOf("x-http-method-override")],
        "@scheme" => ["https", "http", "HTTPS"],
        "@authority" => Authorities(seen),
        "@path" => Paths(seen),
        "@query" => Queries(seen),
        "@target-uri" => Targets(seen),
        "@request-target" => Targets("://" + seen).Select(target => target is { Length: > 3 } ? target[3..] : null),
        "@signature-params" or "@query-param" or "@status" => [PercentText.Decode(seen)],
        _ => Fields(name, seen),
    };

    private IEnumerable<string?> Authorities(string seen)
    {
        var hosts = new List<string> { HostOf(seen) };
        hosts.AddRange(linesOf("x-forwarded-host").Concat(linesOf("x-original-host")).Concat(linesOf("host")).Select(line => line.Split(',')[0].Trim()));
        foreach (var line in linesOf("forwarded"))
        {
            hosts.AddRange(line.Split([',', ';'], StringSplitOptions.TrimEntries)
                .Where(pair => pair.StartsWith("host=", StringComparison.OrdinalIgnoreCase)).Select(pair => pair["host=".Length..].Trim('"')));
        }

        // Whoever sent the request chooses how many there are, and each is tried with the port of each.
        hosts = [.. hosts.Distinct(StringComparer.Ordinal).Take(MaxHosts)];
        string[] ports = ["443", "80", "8443", "8080", .. linesOf("x-forwarded-port").Take(MaxHosts), .. hosts.Append(seen).Select(host => TargetText.SplitAuthority(host).Port).OfType<string>()];
        return [called.Authority, .. hosts, .. hosts.Select(HostOf), .. hosts.SelectMany(_ => ports, (host, port) => $"{HostOf(host)}:{port}"), .. hosts.Select(host => HostOf(host).ToUpperInvariant())];
    }

    private IEnumerable<string?> Paths(string seen)
    {
        var encoded = Uri.EscapeDataString(PercentText.Decode(seen)).Replace("%2F", "/", StringComparison.Ordinal);
        string?[] forms =
        [
            seen, called.Path, .. OriginalTargets.SelectMany(linesOf).Select(CalledTarget.PathOf), PercentText.Decode(seen), encoded, LowerCaseEscapes(seen), UpperCaseEscapes(seen),
            Uri.EscapeDataString(seen).Replace("%2F", "/", StringComparison.Ordinal), PercentText.RemoveDotSegments(seen), PercentText.MergeSlashes(seen), seen.TrimEnd('/'), seen + "/", seen.ToLowerInvariant(),
            .. WithoutPrefix(seen),
        ];
        string[] prefixes = ["", .. linesOf("x-forwarded-prefix"), .. linesOf("x-forwarded-path"), .. linesOf("x-script-name")];
        return prefixes.SelectMany(_ => forms, (prefix, form) => form is null ? null : prefix.TrimEnd('/') + form).Append(seen == "/" ? "" : null);
    }

    private IEnumerable<string?> Queries(string seen)
    {
        var pairs = seen.TrimStart('?').Split('&');
        string?[] orders =
        [
            seen, called.Query, .. OriginalTargets.SelectMany(linesOf).Select(CalledTarget.QueryOf), "?",
            .. Orders.Of(pairs, MaxPermuted).Select(order => "?" + string.Join('&', order)),
            .. pairs.Take(MaxPairs).Select((_, gone) => "?" + string.Join('&', pairs.Where((_, index) => index != gone))),
        ];
        return orders.SelectMany(order => order is null ? [] : (string[])
        [
            order, order.TrimStart('?'), order.Replace("+", "%20", StringComparison.Ordinal), order.Replace("%20", "+", StringComparison.Ordinal),
            PercentText.Decode(order), PercentText.Decode(order, plusIsSpace: true), LowerCaseEscapes(order), UpperCaseEscapes(order), Reencoded(order),
        ]);
    }

    private IEnumerable<string?> Targets(string seen)
    {
        (var scheme, var authority, var path, var query) = CalledTarget.Split(seen);
        var queries = Queries(query).Append(query).Distinct(StringComparer.Ordinal).Select(one => one == "?" ? "" : one).ToList();
        var starts = scheme.Length == 0 ? [""] : Authorities(authority).Append(authority).Distinct(StringComparer.Ordinal).ToList();
        string[] schemes = scheme.Length == 0 ? [""] : ["https", "http"];
        return
        [
            called.Address,
            .. schemes.SelectMany(_ => starts, (one, start) => $"{one}://{start}{path}{(query == "?" ? "" : query)}"),
            .. schemes.SelectMany(_ => Paths(path), (one, form) => $"{one}://{authority}{form}{(query == "?" ? "" : query)}"),
            .. schemes.SelectMany(_ => queries, (one, form) => $"{one}://{authority}{path}{form}"),
        ];
    }

    private IEnumerable<string?> Fields(string name, string seen)
    {
        var lines = linesOf(name);
        var mediaType = name == "content-type" ? seen.Split(';')[0] : null;
        return
        [
            string.Join(',', lines), string.Join("; ", lines), string.Join(", ", Enumerable.Reverse(lines)), .. lines,
            .. Orders.Of(seen.Split(", "), MaxPermuted).Select(order => string.Join(", ", order)),
            seen.Replace(", ", ",", StringComparison.Ordinal), seen.Replace(",", ", ", StringComparison.Ordinal), seen.Replace("; ", ";", StringComparison.Ordinal),
            seen.Replace(", ", ",", StringComparison.Ordinal).Replace("; ", ";", StringComparison.Ordinal), seen.Replace(";", "; ", StringComparison.Ordinal),
            seen.Replace("GMT", "+0000", StringComparison.Ordinal), seen.ToLowerInvariant(), "", string.Join(' ', seen.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            mediaType, mediaType is null ? null : mediaType + "; charset=utf-8", mediaType is null ? null : mediaType + ";charset=UTF-8",
            mediaType is null ? null : mediaType + ";charset=utf-8", mediaType is null ? null : mediaType + "; charset=UTF-8",
        ];
    }

    private static string HostOf(string authority) => TargetText.SplitAuthority(authority).Host;

    private static string Reencoded(string query) => "?" + string.Join('&', query.TrimStart('?').Split('&')
        .Select(pair => string.Join('=', pair.Split('=').Select(part => Uri.EscapeDataString(PercentText.Decode(part, plusIsSpace: true))))));

    // What a gateway has put before it.
    private static IEnumerable<string> WithoutPrefix(string path)
    {
        var segments = path.Split('/', MaxPrefixSegments + 2);
        return Enumerable.Range(2, Math.Max(segments.Length - 2, 0)).Select(from => "/" + string.Join('/', segments[from..]));
    }

    private static string LowerCaseEscapes(string text) => MapEscapes(text, char.ToLowerInvariant);

    private static string UpperCaseEscapes(string text) => MapEscapes(text, char.ToUpperInvariant);

    private static string MapEscapes(string text, Func<char, char> map) =>
        string.Create(text.Length, (text, map), static (span, given) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var isEscape = (i > 0 && given.text[i - 1] == '%') || (i > 1 && given.text[i - 2] == '%');
                span[i] = isEscape ? given.map(given.text[i]) : given.text[i];
            }
        });
}
