using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Signing.AspNetCore;

/// <summary>RFC 6749 §5.1 and §5.2. Writes what the token endpoints answer; none of it may be stored on its way.</summary>
internal static class OAuthAnswer
{
    private const string JsonType = "application/json";
    private const int RetrySeconds = 2;

    public static void ForbidStoring(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
    }

    public static Task TokensAsync(HttpContext context, IssuedTokens tokens) => WriteAsync(context, StatusCodes.Status200OK, writer =>
    {
        writer.WriteString("access_token", tokens.AccessToken);
        writer.WriteString("token_type", TokenDoor.BearerScheme);
        writer.WriteNumber("expires_in", tokens.ExpiresIn);
        if (tokens.RefreshToken is not null)
        {
            writer.WriteString("refresh_token", tokens.RefreshToken);
        }

        WriteScope(writer, tokens.Grant!);
    });

    /// <summary>RFC 7662 §2.2. Says what a token is worth; of one that is worth nothing, nothing else is said.</summary>
    public static Task IntrospectionAsync(HttpContext context, TokenVerdict verdict, Uri issuer) => WriteAsync(context, StatusCodes.Status200OK, writer =>
    {
        writer.WriteBoolean("active", verdict.IsValid);
        if (!verdict.IsValid)
        {
            return;
        }

        Grant grant = verdict.Grant!;
        writer.WriteString("client_id", grant.ClientKey);
        writer.WriteString("token_type", verdict.Content.Kind == TokenKind.Access ? TokenDoor.BearerScheme : "refresh_token");
        writer.WriteNumber("exp", verdict.Content.Expires.ToUnixTimeSeconds());
        writer.WriteNumber("iat", grant.RotatedAt.ToUnixTimeSeconds());
        writer.WriteString("iss", issuer.OriginalString);
        WriteScope(writer, grant);
        WriteIfSet(writer, SignatureClaimNames.CredentialId, grant.CredentialId);
        WriteIfSet(writer, SignatureClaimNames.Application, grant.ApplicationId);
        WriteIfSet(writer, SignatureClaimNames.Workspace, grant.WorkspaceId);
        WriteIfSet(writer, SignatureClaimNames.SharingKey, grant.SharingKeyId);
        if (grant.SharingKeyId is not null)
        {
            WriteIfSet(writer, SignatureClaimNames.ActingWorkspace, grant.ActingWorkspaceId);
        }
    });

    public static Task NothingAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    public static Task ErrorAsync(HttpContext context, OAuthError error, Uri issuer, TimeSpan? retryAfter = null)
    {
        IHeaderDictionary fields = context.Response.Headers;
        switch (error.Status)
        {
            case StatusCodes.Status401Unauthorized when fields.WWWAuthenticate.Count == 0:
                // RFC 7617 §2: the realm is required. Its protection space is the issuer.
                fields.Append(HeaderNames.WWWAuthenticate, $"{BasicCredentials.Scheme} realm={Quoted.Of(issuer.OriginalString)}, charset=\"UTF-8\"");
                break;
            case StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable when fields.RetryAfter.Count == 0:
                double seconds = Math.Ceiling(Math.Max(retryAfter?.TotalSeconds ?? RetrySeconds, 1));
                fields.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                break;
        }

        return WriteAsync(context, error.Status, writer =>
        {
            writer.WriteString("error", error.Error);
            writer.WriteString("error_description", error.Description);
            WriteIfSet(writer, "code", error.Code);
        });
    }

    public static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> members)
    {
        var content = new ArrayBufferWriter<byte>();
        var writer = new Utf8JsonWriter(content);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = JsonType;
        context.Response.ContentLength = content.WrittenCount;
        await context.Response.Body.WriteAsync(content.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    private static void WriteScope(Utf8JsonWriter writer, Grant grant)
    {
        if (grant.Scopes.Count > 0)
        {
            writer.WriteString("scope", string.Join(' ', grant.Scopes));
        }
    }

    private static void WriteIfSet(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
