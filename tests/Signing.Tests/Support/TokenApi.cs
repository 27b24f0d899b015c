using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Signing.Tests.Support;

/// <summary>An API that issues tokens below <c>/auth</c> and takes them at <c>/token</c>, <c>/both</c> and <c>/signature</c>, which answer with the caller's claims.</summary>
internal sealed class TokenApi(ApiHost host) : IAsyncDisposable
{
    public const string Issuer = "https://api.example.com/auth";

    public ApiHost Host => host;

    public static async Task<TokenApi> StartAsync(TokenApiSettings? given = null)
    {
        TokenApiSettings settings = given ?? new TokenApiSettings();
        return new TokenApi(await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = settings.Door,
            Clock = settings.Clock,
            CredentialsFromConfiguration = settings.Configuration is not null,
            Signature = settings.Signature,
            Before = settings.Before,
            Build = builder =>
            {
                if (settings.Configuration is not null)
                {
                    ((IConfigurationBuilder)builder.Configuration).Add(settings.Configuration);
                }

                builder.Services.AddSigningTokens(options =>
                {
                    options.Issuer = new Uri(Issuer);
                    options.AllowUnprotectedKeyRing = true;
                    settings.Tokens(options);
                });
                settings.Build(builder);
            },
            Schemes = authentication =>
            {
                authentication.AddAccessToken(settings.Access);
                settings.Schemes(authentication);
            },
            Map = app =>
            {
                app.MapTokenEndpoints("/auth", settings.Endpoints);
                app.MapGet("/token", [Authorize(AuthenticationSchemes = "AccessToken")] (HttpContext context) => Claims(context));
                app.MapGet("/both", [Authorize(AuthenticationSchemes = "Signature,AccessToken")] (HttpContext context) => Claims(context));
                app.MapGet("/signature", [Authorize(AuthenticationSchemes = "Signature")] (HttpContext context) => Claims(context));
                settings.Map(app);
            },
        }));
    }

    public static string Basic(string id, string secret) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}"));

    public Task<RawAnswer> JsonAsync(string path, object members, params (string Name, string Value)[] fields) =>
        SendAsync(path, "application/json", JsonSerializer.Serialize(members), fields);

    public Task<RawAnswer> FormAsync(string path, string form, params (string Name, string Value)[] fields) =>
        SendAsync(path, "application/x-www-form-urlencoded", form, fields);

    public Task<RawAnswer> SendAsync(string path, string contentType, string content, params (string Name, string Value)[] fields) =>
        host.SendAsync(Draft(path, contentType, content, signed: false, fields));

    /// <summary>Sends a request signed with the known Secret.</summary>
    public Task<RawAnswer> SignedAsync(string path, object members) =>
        host.SendAsync(Draft(path, "application/json", JsonSerializer.Serialize(members), signed: true));

    public RequestDraft Draft(string path, string contentType, string content, bool signed, params (string Name, string Value)[] fields)
    {
        RequestDraft draft = host.Draft("POST", path, Encoding.UTF8.GetBytes(content)).With("Content-Type", contentType);
        draft.Signed = signed;
        draft.WithDigest = signed;
        draft.Fields.AddRange(fields);
        return draft;
    }

    /// <summary>Logs the known client in by its secret.</summary>
    public async Task<(string Access, string Refresh)> LogInAsync(string? sharingKey = null)
    {
        RawAnswer answer = await JsonAsync("/auth/login", new { client_id = ApiHost.Key, client_secret = ApiHost.Secret, sharing_key = sharingKey });
        Assert.True(answer.Status == 200, answer.ToString());
        return TokensOf(answer);
    }

    public Task<RawAnswer> RefreshAsync(string refreshToken) =>
        JsonAsync("/auth/refresh", new { refresh_token = refreshToken, client_id = ApiHost.Key, client_secret = ApiHost.Secret });

    public Task<RawAnswer> GetAsync(string token, string target = "/token", string header = "Authorization") =>
        host.SendAsync(GetDraft(target, header, header == "Authorization" ? $"Bearer {token}" : token, signed: false));

    public RequestDraft GetDraft(string target, string header, string value, bool signed)
    {
        RequestDraft draft = host.Draft("GET", target).With(header, value);
        draft.Signed = signed;
        return draft;
    }

    public static (string Access, string Refresh) TokensOf(RawAnswer answer) => (Member(answer, "access_token")!, Member(answer, "refresh_token")!);

    public static string? Member(RawAnswer answer, string name) =>
        JsonDocument.Parse(answer.Body).RootElement.TryGetProperty(name, out JsonElement member) ? member.ToString() : null;

    public static (int Status, string? Error, string? Code) ErrorOf(RawAnswer answer) => (answer.Status, Member(answer, "error"), Member(answer, "code"));

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private static string Claims(HttpContext context) => string.Join(' ', context.User.Claims.Select(claim => $"{claim.Type}={claim.Value}"));
}
