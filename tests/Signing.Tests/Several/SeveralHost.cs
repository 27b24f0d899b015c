using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Several;

/// <summary>An API that requires signatures of a caller and of a gateway, each with keys of their own, behind either door.</summary>
/// <remarks><c>/all</c> requires both, <c>/chain</c> the gateway's over the caller's, <c>/any</c> either; <c>/anybody</c> and <c>/named</c> both, for anybody and where each scheme is asked.</remarks>
internal sealed class SeveralHost(ApiHost api, CredentialBook callers, CredentialBook gateways) : IAsyncDisposable
{
    public const string CallerKey = "caller-key";
    public const string CallerSecret = "the secret of the caller, long enough";
    public const string GatewayKey = "gateway-key";
    public const string GatewaySecret = "the secret of the gateway, long enough";

    public ApiHost Api => api;

    public CredentialBook Callers => callers;

    public CredentialBook Gateways => gateways;

    public static async Task<SeveralHost> StartAsync(
        Door door,
        Action<WebApplicationBuilder>? build = null,
        Action<SignatureOptions>? caller = null,
        Action<WebApplication>? before = null,
        Action<WebApplication>? map = null)
    {
        var callers = new CredentialBook();
        var gateways = new CredentialBook();
        callers.Set(CredentialOf(CallerKey, CallerSecret));
        gateways.Set(CredentialOf(GatewayKey, GatewaySecret));
        ApiHost api = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Build = builder =>
            {
                builder.Services.AddKeyedSingleton<ICredentialSource>("Caller", callers);
                builder.Services.AddKeyedSingleton<ICredentialSource>("Gateway", gateways);
                build?.Invoke(builder);
            },
            Schemes = authentication => authentication
                .AddMessageSignature("Caller", options =>
                {
                    options.Policy = new VerificationPolicy { Tag = "caller" };
                    caller?.Invoke(options);
                })
                .AddMessageSignature("Gateway", options => options.Policy = new VerificationPolicy { Tag = "gateway" }),
            Before = before ?? (static _ => { }),
            Map = app =>
            {
                app.Map("/all", Answer).RequireAllSignatures("Caller", "Gateway");
                app.Map("/chain", Answer).RequireSignatureChain("Caller", "Gateway");
                app.Map("/any", Answer).RequireAnySignature("Caller", "Gateway");
                app.Map("/anybody", Answer).RequireAllSignatures("Caller", "Gateway").AllowAnonymous();
                app.Map("/named", Answer).RequireAllSignatures("Caller", "Gateway").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "Caller,Gateway" });
                map?.Invoke(app);
            },
        });
        return new SeveralHost(api, callers, gateways);
    }

    public static Credential CredentialOf(string key, string secret) => new(key, new CredentialSecret(new SigningKey(key, secret)));

    /// <summary>Drafts what the caller signs.</summary>
    public RequestDraft Caller(string target, string method = "GET", byte[]? body = null)
    {
        RequestDraft draft = api.Draft(method, target, body);
        draft.KeyId = CallerKey;
        draft.Secret = CallerSecret;
        draft.MoreParameters = ";tag=\"caller\"";
        return draft;
    }

    /// <summary>Drafts what the gateway makes of it: the same request, the caller's signature on it, and a second signature that covers the first.</summary>
    public RequestDraft Gateway(RequestDraft caller, bool covers = true)
    {
        RequestDraft draft = api.Draft(caller.Method, caller.Target, caller.Body);
        draft.Fields.AddRange(caller.AllFields());
        draft.KeyId = GatewayKey;
        draft.Secret = GatewaySecret;
        draft.MoreParameters = ";tag=\"gateway\"";
        draft.Label = "proxy_sig";
        if (covers)
        {
            Cover(draft, caller);
        }

        return draft;
    }

    /// <summary>Lets a draft cover the signature of another.</summary>
    public static void Cover(RequestDraft draft, RequestDraft other)
    {
        string identifier = $"\"signature\";key=\"{other.Label}\"";
        draft.Covered = $"{draft.Covered ?? draft.SignatureParams[1..draft.SignatureParams.IndexOf(')', StringComparison.Ordinal)]} {identifier}";
        draft.Values[identifier] = $":{other.Mac()}:";
    }

    public static async Task Answer(HttpContext context)
    {
        context.Response.Headers["X-User"] = context.User.FindFirstValue(SignatureClaimNames.KeyId);
        context.Response.Headers["X-Identities"] = $"{context.User.Identities.Count()}";
        SignatureFeature? gateway = SignatureFeature.Find(context, "Gateway");
        context.Response.Headers["X-Gateway"] = gateway is { IsVerified: true } ? gateway.Principal!.FindFirstValue(SignatureClaimNames.KeyId) : "none";
        await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    public Task<RawAnswer> SendAsync(RequestDraft draft) => api.SendAsync(draft);

    public ValueTask DisposeAsync() => api.DisposeAsync();
}
