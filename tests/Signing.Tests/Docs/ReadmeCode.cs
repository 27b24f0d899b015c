using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Client;

namespace Signing.Tests.Docs;

/// <summary>The code of the READMEs, line for line, where the compiler and a test see it.</summary>
internal static class ReadmeCode
{
    public static void AddClient(IServiceCollection services, string key, string secret)
    {
        services.AddHttpClient("orders", client => client.BaseAddress = new Uri("https://api.example.com"))
            .AddMessageSigning(key, secret);
    }

    public static WebApplication BuildApi(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication().AddMessageSignature();
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.MapGet("/orders", () => "tea").RequireAuthorization();
        return app;
    }

    public static WebApplication BuildSigningApi(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication().AddMessageSignature();
        builder.Services.AddResponseSignature();
        var app = builder.Build();
        app.UseResponseSignature();
        app.UseMessageSignature();
        app.MapGet("/orders", () => "tea").SignResponse();
        return app;
    }

    public static void AddCautiousClient(IServiceCollection services, string key, string secret)
    {
        services.AddHttpClient("cautious", client => client.BaseAddress = new Uri("https://api.example.com"))
            .AddMessageSigning(options =>
            {
                options.Key = key;
                options.Secret = secret;
                options.Responses.Required = true;
            });
    }

    public static async Task OpenSocketAsync(IServiceProvider services, ClientWebSocket socket, Uri live, CancellationToken cancellationToken)
    {
        var handlers = services.GetRequiredService<IHttpMessageHandlerFactory>();
        using var invoker = new HttpMessageInvoker(handlers.CreateHandler("orders"), disposeHandler: false);
        await socket.ConnectAsync(live, invoker, cancellationToken);
    }

    public static (MessageSigner Signer, MessageVerifier Verifier) MakeForResponses()
    {
        var signer = new MessageSigner(new SigningPolicy(MessageKind.Response));
        var verifier = new MessageVerifier(new VerificationPolicy(MessageKind.Response));
        return (signer, verifier);
    }

    public static void AddParties(IServiceCollection services)
    {
        foreach (string party in (string[])["Gateway", "Partner"])
        {
            services.AddKeyedSingleton<ICredentialSource>(party, (provider, _) =>
                new ConfigurationCredentialSource(provider.GetRequiredService<IConfiguration>(), section: party));
        }

        services.AddAuthorization();
        services.AddAuthentication()
            .AddMessageSignature("Caller", options => options.Policy = new VerificationPolicy { Tag = "caller" })
            .AddMessageSignature("Gateway", options => options.Policy = new VerificationPolicy { Tag = "gateway" })
            .AddMessageSignature("Partner", options => options.Policy = new VerificationPolicy { Tag = "partner" });
    }

    public static void MapForParties(WebApplication app)
    {
        app.MapPost("/payments", () => "paid").RequireSignatureChain("Caller", "Gateway");
        app.MapPost("/approvals", () => "approved").RequireAllSignatures("Caller", "Partner");
        app.MapGet("/prices", () => "7").RequireAnySignature("Caller", "Partner");
    }

    public static MessageSigner MakeForGateway()
    {
        var gateway = new MessageSigner(new SigningPolicy
        {
            Label = "gateway",
            Tag = "gateway",
            CoverSignatures = true,
        });
        return gateway;
    }

    public static void AddGatewayClient(IServiceCollection services, string key, string secret)
    {
        services.AddHttpClient("upstream", client => client.BaseAddress = new Uri("https://orders.internal.example"))
            .AddMessageSigning(options =>
            {
                options.Key = key;
                options.Secret = secret;
                options.Policy = new SigningPolicy { Label = "gateway", Tag = "gateway", CoverSignatures = true };
            });
    }

    public static void AddTokenClient(IServiceCollection services, string key, string secret)
    {
        services.AddHttpClient("reports", client => client.BaseAddress = new Uri("https://api.example.com"))
            .AddAccessToken(key, secret);
    }

    public static async Task<string> UseSourceAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var tokens = services.GetRequiredKeyedService<AccessTokenSource>("reports");
        AccessToken token = await tokens.GetAsync(cancellationToken);

        await tokens.RevokeAsync(cancellationToken);

        return token.Value;
    }

    public static void AddApiTokenClients(IServiceCollection services, string token)
    {
        services.AddHttpClient("prices", client => client.BaseAddress = new Uri("https://prices.example.com"))
            .AddApiToken(token);
        services.AddHttpClient("stock", client => client.BaseAddress = new Uri("https://stock.example.com"))
            .AddApiToken(options =>
            {
                options.Token = token;
                options.Header.Name = "X-Api-Token";
            });
    }

    public static void AddConfiguredClient(IServiceCollection services, IConfiguration configuration)
    {
        var orders = configuration.GetSection("Orders");
        services.AddHttpClient("orders", client => client.BaseAddress = new Uri(orders["Address"]!))
            .AddAccessToken(orders)
            .AddMessageSigning(orders);
    }

    public static WebApplication BuildTokenApi(WebApplicationBuilder builder)
    {
        builder.Services.AddSigningTokens(tokens => tokens.Issuer = new Uri("https://api.example.com/auth"));
        builder.Services.AddAuthentication().AddAccessToken();
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.MapTokenEndpoints("/auth");
        app.MapGet("/reports", () => "all is well").RequireAuthorization();
        return app;
    }

    public static void AddEither(IServiceCollection services)
    {
        services.AddAuthentication("Either")
            .AddMessageSignature()
            .AddScheme<AuthenticationSchemeOptions, FormerHandler>("Former", configureOptions: null)
            .AddPolicyScheme("Either", displayName: null, either => either.ForwardDefaultSelector = context =>
                context.Request.Headers.ContainsKey("Signature-Input") ? SignatureDefaults.AuthenticationScheme : "Former");
    }

    public static void MapReports(WebApplication app)
    {
        app.MapGet("/reports/{id}", (int id) => Results.File($"/srv/reports/{id}.pdf", "application/pdf", enableRangeProcessing: true))
            .RequireAuthorization()
            .AllowPresigned();
    }

    public static void AddFile(WebApplicationBuilder builder)
    {
        builder.Services.AddSigningCredentialFile("data/credentials.json");
    }

    public static void AddFileOfAServer(WebApplicationBuilder builder, DirectoryInfo ring, X509Certificate2 certificate)
    {
        builder.Services.AddDataProtection().SetApplicationName("orders")
            .PersistKeysToFileSystem(ring).ProtectKeysWithCertificate(certificate);
        builder.Services.AddSigningCredentialFile("data/credentials.json", file => file.Prefix = "shop");
        builder.Services.AddAuthentication().AddMessageSignature().AddApiToken();
    }

    public static async Task<string?> OperateAsync(IServiceProvider services)
    {
        var operate = services.GetRequiredService<CredentialAdministration>();
        var ann = new Actor("ann@example.com");
        var acme = await operate.CreateWorkspaceAsync(new NewWorkspace { Name = "Acme" }, ann, CancellationToken.None);
        var shop = await operate.CreateApplicationWithCredentialAsync(
            new NewApplication { WorkspaceId = acme.Row!.Id, Name = "Web shop" },
            new NewCredential { Kind = CredentialKind.KeyPair, Name = "Orders", Scopes = ["orders.read"] },
            ann,
            CancellationToken.None);
        var rotated = await operate.RotateAsync(shop.Credential!.Id, version: null, overlap: TimeSpan.FromHours(24), ann, CancellationToken.None);
        await operate.RevokeAsync(shop.Credential.Id, version: null, reason: "leaked", after: TimeSpan.Zero, ann, CancellationToken.None);
        return rotated.Text;
    }

    public static void AddSeveralSchemes(IServiceCollection services)
    {
        services.AddAuthentication().AddMessageSignature().AddAccessToken();
        services.AddAuthorization(options => options.DefaultPolicy =
            new AuthorizationPolicyBuilder("Signature", "AccessToken").RequireAuthenticatedUser().Build());
    }

    public static void MapConnectedApis(WebApplication app)
    {
        var orders = app.MapGroup("/orders").RequireConnectedApi("orders");
        orders.MapGet("/", () => "tea");
        orders.MapGet("/invoices", () => "none").RequireConnectedApi("billing");
    }

    public static void AddHealth(WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddSigning(tags: ["ready"]);
    }

    public static void MapDiagnostics(WebApplication app)
    {
        app.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
        app.MapSigningDiagnostics("/signing/diagnostics").RequireAuthorization("ops");
    }

    public static void AddForwarding(WebApplicationBuilder builder)
    {
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto;
            options.KnownProxies.Add(IPAddress.Parse("10.0.0.5"));
        });
    }

    public static void UseForwarding(WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    public static void AddScheme(IServiceCollection services)
    {
        services.AddAuthentication().AddMessageSignature(options =>
        {
            options.Policy = new VerificationPolicy { MaxAge = TimeSpan.FromMinutes(2), RequiredParameters = SignatureParameterNames.Nonce };
            options.Body.MaxBytes = 10 * 1024 * 1024;
            options.Replay.Capacity = 4 * 1024 * 1024;
            options.Replay.FloorAtStart = true;
            options.PublicOrigin = new Uri("https://api.example.com/v1");
            options.Environment = "live";
        });
    }

    public static void HandOn(HttpContext context, HttpRequestMessage proxied, string destinationPrefix)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.StartsWith('/'))
        {
            proxied.RequestUri = new Uri(destinationPrefix.TrimEnd('/') + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        }
    }
}
