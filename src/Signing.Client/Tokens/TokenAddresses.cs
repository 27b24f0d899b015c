using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Completes the addresses of options with the base address of their client, and says in words which cannot be used.</summary>
internal static class TokenAddresses
{
    private const string Tokens = "Tokens";

    public static TokenIdentity IdentityOf(AccessTokenOptions options, Uri? baseAddress)
    {
        ThrowIfAny(Problems("The access token", options, baseAddress), typeof(AccessTokenOptions));
        AccessTokenEndpoints endpoints = options.Endpoints;
        bool byForm = options.Login is LoginMethod.ClientSecretBasic or LoginMethod.ClientSecretPost;
        return new TokenIdentity(
            Absolute(byForm ? endpoints.Token : endpoints.Login, baseAddress)!,
            Absolute(byForm ? endpoints.Token : endpoints.Refresh, baseAddress)!,
            endpoints.Revoke is null ? null : Absolute(endpoints.Revoke, baseAddress),
            options.Login,
            options.Key,
            options.Secret,
            string.IsNullOrEmpty(options.SharingKey) ? null : options.SharingKey,
            string.Join(' ', options.Scopes.Order(StringComparer.Ordinal)),
            options.AllowPlainHttp);
    }

    public static TokenHeader HeaderOf(AccessTokenOptions options, Uri? baseAddress, ILogger log) =>
        new(options.Header, OriginsOf(options.Header, Issuer(options, baseAddress)), log);

    public static TokenHeader HeaderOf(ApiTokenOptions options, Uri? baseAddress, ILogger log)
    {
        ThrowIfAny(Problems("The ApiToken", options, baseAddress), typeof(ApiTokenOptions));
        return new TokenHeader(options.Header, OriginsOf(options.Header, baseAddress), log);
    }

    public static List<string> Problems(string subject, AccessTokenOptions options, Uri? baseAddress)
    {
        var problems = new List<string>();
        var relative = new List<string>();
        var unusable = new List<(string Name, string Problem)>();
        AccessTokenEndpoints endpoints = options.Endpoints;
        foreach ((string name, Uri? address) in options.Login is LoginMethod.ClientSecretBasic or LoginMethod.ClientSecretPost
            ? (ReadOnlySpan<(string, Uri?)>)[(nameof(endpoints.Token), endpoints.Token), (nameof(endpoints.Revoke), endpoints.Revoke)]
            : [(nameof(endpoints.Login), endpoints.Login), (nameof(endpoints.Refresh), endpoints.Refresh), (nameof(endpoints.Revoke), endpoints.Revoke)])
        {
            if (address is null && name == nameof(endpoints.Revoke))
            {
                continue;
            }

            if (Absolute(address, baseAddress) is not { } absolute)
            {
                relative.Add(name);
            }
            else if (Transport.Problem(absolute, options.AllowPlainHttp, Tokens, nameof(AccessTokenOptions)) is { } problem)
            {
                unusable.Add((name, problem));
            }
        }

        // Most often one base address is behind all of them, and once is enough.
        if (relative.Count > 0)
        {
            problems.Add($"{subject} has no absolute address of its {Named(relative)}. Set the whole address, or the BaseAddress of the client, which counts unless this is set for all clients.");
        }

        foreach (IGrouping<string, string> alike in unusable.GroupBy(static endpoint => endpoint.Problem, static endpoint => endpoint.Name, StringComparer.Ordinal))
        {
            problems.Add($"{subject} cannot use its {Named([.. alike])}. {alike.Key}");
        }

        AddOriginProblems(problems, subject, options.Header, Issuer(options, baseAddress), options.AllowPlainHttp, nameof(AccessTokenOptions));
        return problems;
    }

    public static List<string> Problems(string subject, ApiTokenOptions options, Uri? baseAddress)
    {
        var problems = new List<string>();
        if (baseAddress is null && options.Header.Origins.Count == 0)
        {
            problems.Add($"{subject} has no origin it is meant for. Set Header.Origins, or the BaseAddress of the client, which counts unless this is set for all clients.");
        }

        AddOriginProblems(problems, subject, options.Header, baseAddress, options.AllowPlainHttp, nameof(ApiTokenOptions));
        return problems;
    }

    // Whose token it is, unless the options say it.
    private static Uri? Issuer(AccessTokenOptions options, Uri? baseAddress) =>
        baseAddress ?? (options.Login is LoginMethod.ClientSecretBasic or LoginMethod.ClientSecretPost ? options.Endpoints.Token : options.Endpoints.Login);

    private static string Named(List<string> endpoints) => $"endpoint{(endpoints.Count == 1 ? "" : "s")} {string.Join(", ", endpoints)}";

    private static void AddOriginProblems(List<string> problems, string subject, TokenHeaderOptions header, Uri? unlessSaid, bool allowPlainHttp, string options)
    {
        foreach (string origin in header.Origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? address) || address.PathAndQuery != "/" || address.UserInfo.Length > 0)
            {
                problems.Add($"{subject} has an origin that is not of the form https://host or https://host:port.");
            }
            else if (Transport.Problem(address, allowPlainHttp, Tokens, options) is { } problem)
            {
                problems.Add($"{subject} has an origin that cannot be used. {problem}");
            }
        }

        if (header.Origins.Count == 0 && unlessSaid is { IsAbsoluteUri: true } && Transport.Problem(unlessSaid, allowPlainHttp, Tokens, options) is { } reason
            && !problems.Exists(told => told.EndsWith(reason, StringComparison.Ordinal)))
        {
            problems.Add($"{subject} would be sent to the base address, which cannot be used. {reason}");
        }
    }

    private static Origin[] OriginsOf(TokenHeaderOptions header, Uri? unlessSaid)
    {
        if (header.Origins.Count > 0)
        {
            return [.. header.Origins.Select(static origin => Origin.Of(new Uri(origin, UriKind.Absolute)))];
        }

        return unlessSaid is null ? [] : [Origin.Of(unlessSaid)];
    }

    private static Uri? Absolute(Uri? address, Uri? baseAddress)
    {
        if (address is null or { IsAbsoluteUri: true })
        {
            return address;
        }

        return baseAddress is null ? null : new Uri(baseAddress, address);
    }

    private static void ThrowIfAny(List<string> problems, Type options)
    {
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, options, problems);
        }
    }
}
