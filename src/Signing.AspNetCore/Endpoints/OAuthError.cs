using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>RFC 6749 §5.2. An answer other than tokens. A table.</summary>
/// <param name="Error">The error code of the RFC.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Description">What happened, for the developer of the client; names no value of the request.</param>
/// <param name="Code">Our own wire code, where it says more.</param>
internal sealed record OAuthError(string Error, int Status, string Description, string? Code = null)
{
    private const string InvalidRequest = "invalid_request";
    private const string InvalidClient = "invalid_client";
    private const string Unavailable = "temporarily_unavailable";

    public static readonly OAuthError Json = new(InvalidRequest, StatusCodes.Status400BadRequest, "The content is not a JSON object whose members are strings, each of them once.");
    public static readonly OAuthError Form = new(InvalidRequest, StatusCodes.Status400BadRequest, "The content is not a form with each parameter once.");
    public static readonly OAuthError JsonExpected = new(InvalidRequest, StatusCodes.Status400BadRequest, "The content must be application/json.");
    public static readonly OAuthError FormExpected = new(InvalidRequest, StatusCodes.Status400BadRequest, "The content must be application/x-www-form-urlencoded.");
    public static readonly OAuthError TooLong = new(InvalidRequest, StatusCodes.Status400BadRequest, "The content is longer than any such request needs to be.");
    public static readonly OAuthError GrantTypeMissing = new(InvalidRequest, StatusCodes.Status400BadRequest, "The parameter grant_type is missing.");
    public static readonly OAuthError TokenMissing = new(InvalidRequest, StatusCodes.Status400BadRequest, "The parameter token is missing.");
    public static readonly OAuthError RefreshTokenMissing = new(InvalidRequest, StatusCodes.Status400BadRequest, "The parameter refresh_token is missing.");
    public static readonly OAuthError SeveralProofs = new(InvalidRequest, StatusCodes.Status400BadRequest, "The client proves who it is in more than one way, or names itself twice.", "ambiguous_credentials");
    public static readonly OAuthError BasicMalformed = new(InvalidClient, StatusCodes.Status401Unauthorized, "The Authorization field is not Basic credentials, form-encoded and in base64.");
    public static readonly OAuthError ClientMissing = new(InvalidClient, StatusCodes.Status401Unauthorized, "The client does not prove who it is: sign the request, or send client_id and client_secret.");
    public static readonly OAuthError ClientUnknown = new(InvalidClient, StatusCodes.Status401Unauthorized, "The client is unknown or its secret is not its own.", "invalid_credential");
    public static readonly OAuthError SecretNotAllowed = new(InvalidClient, StatusCodes.Status401Unauthorized, "This client proves who it is by signing its requests, not by its secret.");
    public static readonly OAuthError GrantTypeUnknown = new("unsupported_grant_type", StatusCodes.Status400BadRequest, "The grant types here are client_credentials and refresh_token.");
    public static readonly OAuthError TokenTypeUnknown = new("unsupported_token_type", StatusCodes.Status400BadRequest, "An ApiToken is revoked by its operator, not here.");
    public static readonly OAuthError ScopeMalformed = new("invalid_scope", StatusCodes.Status400BadRequest, "The parameter scope is not a list of scopes with single spaces between them.");
    public static readonly OAuthError ScopeTooWide = new("invalid_scope", StatusCodes.Status400BadRequest, "The client does not have all of the scopes that it asks for.");
    public static readonly OAuthError StoreUnavailable = Of(CredentialOutcome.Of(CredentialStatus.CredentialStoreUnavailable), InvalidClient);
    public static readonly OAuthError RateLimited = Of(TokenOutcome.Of(TokenStatus.RateLimited), InvalidClient);

    /// <summary>Gives what a client is told about an outcome: what is nobody's but its holder's stays one answer.</summary>
    public static OAuthError Of(Outcome reason, string error)
    {
        Outcome told = TokenChallenge.Told(reason);
        return told.HttpStatus switch
        {
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => new OAuthError(Unavailable, told.HttpStatus, told.Sentence, told.Code),
            _ when error == InvalidClient => new OAuthError(error, StatusCodes.Status401Unauthorized, told.Sentence, told.Code),
            _ => new OAuthError(error, StatusCodes.Status400BadRequest, told.Sentence, told.Code),
        };
    }

    public static OAuthError OfClient(Outcome reason) => reason.Disclosure == Disclosure.AsInvalidCredential ? ClientUnknown : Of(reason, InvalidClient);

    public static OAuthError OfGrant(Outcome reason) => Of(reason, "invalid_grant");
}
