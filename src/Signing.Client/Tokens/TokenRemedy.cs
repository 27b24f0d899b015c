namespace Signing.Client;

/// <summary>Adds to a refusal of a token endpoint what to do about it.</summary>
internal static class TokenRemedy
{
    private const string NotFound = "not_found";
    private const string InvalidCredential = "invalid_credential";

    /// <summary>Says where nothing was found: the address is our own setting, without its query.</summary>
    public static TokenReply WhenNotFound(TokenReply reply, HttpMethod method, Uri endpoint)
    {
        if (reply.Error is not (null or NotFound))
        {
            return reply;
        }

        string path = endpoint.AbsolutePath;
        string prefix = path[..Math.Max(1, path.LastIndexOf('/'))];
        string address = endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        return reply with { Problem = $"{method} {address} answered 404: does the API call MapTokenEndpoints(\"{prefix}\")? Else set {nameof(AccessTokenOptions.Endpoints)}." };
    }

    /// <summary>Says which setting of which clients is to be checked, if the refusal lasts.</summary>
    /// <param name="reply">What became of the call.</param>
    /// <param name="clients">The names of the clients that share the token; empty for those without one.</param>
    public static TokenReply WhenPermanent(TokenReply reply, IEnumerable<string> clients)
    {
        if (!reply.IsPermanent)
        {
            return reply;
        }

        string? settings = reply.Error switch
        {
            // What has ended, or what a gateway took away, is found in no setting.
            "invalid_client" when reply.Code is not (null or InvalidCredential) => null,
            "invalid_client" when reply.Code is InvalidCredential => $"{nameof(AccessTokenOptions.Key)} and {nameof(AccessTokenOptions.Secret)}",
            // RFC 6749 §5.2: a way to prove who one is that the server does not take from this client is called so as well.
            "invalid_client" => $"{nameof(AccessTokenOptions.Key)}, {nameof(AccessTokenOptions.Secret)} and {nameof(AccessTokenOptions.Login)}",
            "invalid_scope" => nameof(AccessTokenOptions.Scopes),
            "unsupported_grant_type" => $"{nameof(AccessTokenOptions.Login)} and {nameof(AccessTokenOptions.Endpoints)}",
            _ => "the options",
        };
        string[] names = [.. clients.Where(static name => name.Length > 0).Order(StringComparer.Ordinal).Select(static name => $"\"{name}\"")];
        string whose = names.Length switch { 0 => "this client", 1 => "client " + names[0], _ => "clients " + string.Join(", ", names) };
        string remedy = settings is null ? $"The code says what is wrong, and it is not the Key or the Secret of {whose}" : $"Check {settings} of {whose}";
        string until = settings is null ? "the options" : "they";
        return reply with { Problem = $"{reply.Problem} {remedy}; nothing is tried again until {until} change or {nameof(AccessTokenSource.RevokeAsync)} is called." };
    }
}
