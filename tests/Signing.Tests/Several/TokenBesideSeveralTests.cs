using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Several;

/// <summary>An access token beside the signatures of several parties: it is the caller's, and uses up nothing by itself.</summary>
public sealed class TokenBesideSeveralTests
{
    [Theory]
    [InlineData("AccessToken,Signature")]
    [InlineData("Signature,AccessToken")]
    public async Task A_token_joins_the_callers_signature_and_does_not_stand_for_the_gateways(string schemes)
    {
        await using TokenApi api = await StartAsync(schemes);
        (string token, _) = await api.LogInAsync();
        RequestDraft caller = api.GetDraft("/parties", "Authorization", $"Bearer {token}", signed: true);
        caller.MoreParameters = ";tag=\"caller\"";
        RequestDraft tokenOnly = api.GetDraft("/parties", "Authorization", $"Bearer {token}", signed: false);

        RawAnswer unsigned = await api.Host.SendAsync(tokenOnly);
        RawAnswer alone = await api.Host.SendAsync(caller);
        RawAnswer mended = await api.Host.SendAsync(Gateway(api, caller));
        RawAnswer again = await api.Host.SendAsync(Gateway(api, caller));

        Assert.Equal((false, null), (unsigned.Status == 200, unsigned.User));
        Assert.Equal((401, null), (alone.Status, alone.User));
        Assert.DoesNotContain("invalid_credential", alone.ToString(), StringComparison.Ordinal);
        Assert.Equal((200, ApiHost.Key), (mended.Status, mended.User));
        Assert.Equal((401, "replayed"), (again.Status, again.Code));
    }

    private static Task<TokenApi> StartAsync(string schemes)
    {
        var gateways = new CredentialBook();
        gateways.Set(SeveralHost.CredentialOf(SeveralHost.GatewayKey, SeveralHost.GatewaySecret));
        return TokenApi.StartAsync(new TokenApiSettings
        {
            Signature = options => options.Policy = new VerificationPolicy { Tag = "caller" },
            Build = builder => builder.Services.AddKeyedSingleton<ICredentialSource>("Gateway", gateways),
            Schemes = authentication => authentication.AddMessageSignature("Gateway", options => options.Policy = new VerificationPolicy { Tag = "gateway" }),
            Map = app => app
                .MapGet("/parties", (HttpContext context) => context.Response.Headers["X-User"] = context.User.FindFirstValue(SignatureClaimNames.KeyId))
                .RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = schemes })
                .RequireSignatureChain("Signature", "Gateway"),
        });
    }

    private static RequestDraft Gateway(TokenApi api, RequestDraft caller)
    {
        RequestDraft draft = api.Host.Draft("GET", caller.Target);
        draft.Fields.AddRange(caller.AllFields());
        (draft.KeyId, draft.Secret, draft.Label, draft.MoreParameters) = (SeveralHost.GatewayKey, SeveralHost.GatewaySecret, "gw", ";tag=\"gateway\"");
        SeveralHost.Cover(draft, caller);
        return draft;
    }
}
