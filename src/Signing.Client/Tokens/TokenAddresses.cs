using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Completes the addresses of options with the base address of their client, and says in words which cannot be used.</summary>
internal static class TokenAddresses
{
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

    public static TokenHeader HeaderOf(AccessTokenOptions options, Uri? baseAddress) =>
        new(options.Header, OriginsOf(options.Header, Issuer(options, baseAddress)));

    public static TokenHeader HeaderOf(ApiTokenOptions options, Uri? baseAddress)
    {
        ThrowIfAny(Problems("The ApiToken", options, baseAddress), typeof(ApiTokenOptions));
        return new TokenHeader(options.Header, OriginsOf(options.Header, baseAddress));
    }

    public static List<string> Problems(string subject, AccessTokenOptions options, Uri? baseAddress)
    {
        var problems = new List<string>();
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
                problems.Add($"{subject} has no absolute address of its endpoint {name}. Set the whole address, or the BaseAddress of the client, which counts unless this is set for all clients.");
            }
            else if (Transport.Problem(absolute, options.AllowPlainHttp) is { } problem)
            {
                problems.Add($"{subject} has an endpoint {name} that cannot be used. {problem}");
            }
        }

        AddOriginProblems(problems, subject, options.Header, Issuer(options, baseAddress), options.AllowPlainHttp);
        return problems;
    }

    public static List<string> Problems(string subject, ApiTokenOptions options, Uri? baseAddress)
    {
        var problems = new List<string>();
        if (baseAddress is null && options.Header.Origins.Count == 0)
        {
            problems.Add($"{subject} has no origin it is meant for. Set Header.Origins, or the BaseAddress of the client, which counts unless this is set for all clients.");
        }

        AddOriginProblems(problems, subject, options.Header, baseAddress, options.AllowPlainHttp);
        return problems;
    }

    // Whose token it is, unless the options say it.
    private static Uri? Issuer(AccessTokenOptions options, Uri? baseAddress) =>
        baseAddress ?? (options.Login is LoginMethod.ClientSecretBasic or LoginMethod.ClientSecretPost ? options.Endpoints.Token : options.Endpoints.Login);

    private static void AddOriginProblems(List<string> problems, string subject, TokenHeaderOptions header, Uri? unlessSaid, bool allowPlainHttp)
    {
        foreach (string origin in header.Origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? address) || address.PathAndQuery != "/" || address.UserInfo.Length > 0)
            {
                problems.Add($"{subject} has an origin that is not of the form https://host or https://host:port.");
            }
            else if (Transport.Problem(address, allowPlainHttp) is { } problem)
            {
                problems.Add($"{subject} has an origin that cannot be used. {problem}");
            }
        }

        if (header.Origins.Count == 0 && unlessSaid is { IsAbsoluteUri: true } && Transport.Problem(unlessSaid, allowPlainHttp) is { } reason)
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
