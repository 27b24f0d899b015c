using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Presigned;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>Requests with a signature, a presigned URL, an access token and an ApiToken in all combinations, right and wrong, at endpoints that accept all combinations of schemes; all that are let in, and of those that are refused every seventeenth, with <c>CI=true</c> every fourth.</summary>
public sealed class EveryCredentialTests
{
    private const string OtherKey = "key-two";
    private const string OtherSecret = "another secret, of the second client";
    private const string TokenId = "crd_7";

    private static readonly string[] Signatures = ["none", "right", "late", "forged", "uncovered", "of another"];
    private static readonly string[] AccessTokens = ["none", "right", "revoked", "broken", "refresh", "foreign"];
    private static readonly string[] ApiTokens = ["none", "right", "suspended", "unknown", "foreign"];
    private static readonly string[] Urls = ["none", "right", "forged"];

    private static readonly string[][] Accepted =
    [
        ["Signature"], ["AccessToken"], ["ApiToken"], ["Signature", "AccessToken"], ["AccessToken", "Signature"], ["Signature", "ApiToken"], ["ApiToken", "AccessToken"],
        ["ApiToken", "Signature", "AccessToken"], ["Signature", "AccessToken", "ApiToken"],
    ];

    private static readonly string ApiToken = new CredentialFormat("sgn").CreateApiToken("live");
    private static readonly string SuspendedApiToken = new CredentialFormat("sgn").CreateApiToken("live");
    private static readonly string UnknownApiToken = new CredentialFormat("sgn").CreateApiToken("live");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_is_let_in_has_proved_everything_that_came_with_the_request(bool takesUrls)
    {
        await using TokenApi api = await StartAsync();
        string right = (await api.LogInAsync()).Access;
        (string revoked, string refresh) = await api.LogInAsync();
        await api.FormAsync("/auth/revoke", $"token={revoked}", ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret)));
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["right"] = right,
            ["revoked"] = revoked,
            ["broken"] = right + "x",
            ["refresh"] = refresh,
            ["foreign"] = "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl",
        };
        int letIn = 0;
        int number = 0;
        foreach (string[] schemes in Accepted)
        {
            foreach ((string signature, string token, string apiToken, string url) in
                from signature in Signatures
                from token in AccessTokens
                from apiToken in ApiTokens
                from url in takesUrls ? Urls : ["none", "right"]
                select (signature, token, apiToken, url))
            {
                string? user = UserOf(schemes, signature, token, apiToken, takesUrls ? url : "none");
                if (user is null && ++number % (68 / Effort.Of(16)) != 0)
                {
                    continue;
                }

                RequestDraft draft = Draft(api, $"/{(takesUrls ? "urls" : "fields")}/{string.Join('-', schemes)}", signature, token == "none" ? null : tokens[token], apiToken, url);

                RawAnswer answer = await api.Host.SendAsync(draft);

                string seen = $"{string.Join(", ", schemes)}: signature {signature}, access token {token}, ApiToken {apiToken}, URL {url}: {answer}";
                Assert.True(user is null ? answer is { Status: 401, User: null } && answer.Code?.Length > 0 : (answer.Status, answer.User, answer["X-Identities"]) == (200, user, "1"), seen);
                letIn += user is null ? 0 : 1;
            }
        }

        Assert.InRange(letIn, 50, 500);
    }

    // What is there and is ours is right, and belongs together; and the endpoint accepts one of the schemes that it is.
    private static string? UserOf(string[] schemes, string signature, string token, string apiToken, string url)
    {
        bool hasToken = token is not "none" and not "foreign";
        bool hasApiToken = apiToken is not "none" and not "foreign";
        bool isRight = signature is "none" or "right" or "of another" && token is "none" or "right" or "foreign" && apiToken is "none" or "right" or "foreign" && url is "none" or "right";
        bool isAlone = !hasApiToken || (signature == "none" && !hasToken);
        if (url != "none")
        {
            return isRight && signature == "none" && token == "none" && !hasApiToken && schemes.Contains("Signature", StringComparer.Ordinal) ? ApiHost.Key : null;
        }

        if (!isRight || !isAlone || (hasToken && signature == "of another"))
        {
            return null;
        }

        bool isAccepted = (signature != "none" && schemes.Contains("Signature", StringComparer.Ordinal))
            || (hasToken && schemes.Contains("AccessToken", StringComparer.Ordinal))
            || (hasApiToken && schemes.Contains("ApiToken", StringComparer.Ordinal));
        return !isAccepted ? null : hasApiToken ? TokenId : signature == "of another" ? OtherKey : ApiHost.Key;
    }

    private static RequestDraft Draft(TokenApi api, string target, string signature, string? token, string apiToken, string url)
    {
        PresignedDraft presigned = api.Host.Url(target);
        RequestDraft draft = api.Host.Draft("GET", url switch { "none" => target, "right" => presigned.Signed, _ => (presigned with { Secret = OtherSecret }).Signed });
        if (token is not null)
        {
            draft.With("Authorization", $"Bearer {token}");
        }

        if (apiToken != "none")
        {
            draft.With("X-API-Key", apiToken switch { "right" => ApiToken, "suspended" => SuspendedApiToken, "unknown" => UnknownApiToken, _ => "0123456789" });
        }

        draft.Signed = signature != "none";
        draft.Created -= TimeSpan.FromHours(signature == "late" ? 1 : 0);
        draft.Covered = signature == "uncovered" ? "\"@method\" \"@authority\" \"@path\"" : null;
        (draft.KeyId, draft.Secret) = signature switch { "of another" => (OtherKey, OtherSecret), "forged" => (ApiHost.Key, OtherSecret), _ => (ApiHost.Key, ApiHost.Secret) };
        return draft;
    }

    private static Task<TokenApi> StartAsync() => TokenApi.StartAsync(new TokenApiSettings
    {
        Configuration = new LiveConfiguration($$"""
            {
              "Signing": {
                "Credentials": { "0": { "Key": "{{ApiHost.Key}}", "Secret": "{{ApiHost.Secret}}" }, "1": { "Key": "{{OtherKey}}", "Secret": "{{OtherSecret}}" } },
                "ApiTokens": { "0": { "Token": "{{ApiToken}}", "Id": "{{TokenId}}" }, "1": { "Token": "{{SuspendedApiToken}}", "Id": "crd_8", "Status": "suspended" } }
              }
            }
            """),
        Schemes = authentication => authentication.AddApiToken(options => options.Header = "X-API-Key"),
        Map = app =>
        {
            foreach (string[] schemes in Accepted)
            {
                var accepted = new AuthorizeAttribute { AuthenticationSchemes = string.Join(',', schemes) };
                app.MapGet($"/fields/{string.Join('-', schemes)}", Answer).RequireAuthorization(accepted);
                app.MapGet($"/urls/{string.Join('-', schemes)}", Answer).RequireAuthorization(accepted).AllowPresigned();
            }
        },
    });

    private static void Answer(HttpContext context)
    {
        context.Response.Headers["X-User"] = context.User.FindFirstValue(SignatureClaimNames.KeyId);
        context.Response.Headers["X-Identities"] = $"{context.User.Identities.Count()}";
    }
}
