// An API with all that the client can speak to: signatures both ways, presigned URLs, access tokens, and a signature with a token.
using System.Runtime.InteropServices;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Signing.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
builder.Services.AddSigningTokens(tokens => tokens.Issuer = new Uri("https://api.example.com/auth"));
builder.Services.AddResponseSignature();
builder.Services.AddAuthentication().AddMessageSignature().AddAccessToken();
builder.Services.AddAuthorization();
builder.Services.AddProblemDetails();

var app = builder.Build();
app.UseResponseSignature();
app.UseAuthentication();
app.UseAuthorization();
app.MapTokenEndpoints("/auth");

app.MapGet("/runtime", () => RuntimeInformation.FrameworkDescription);
app.MapGet("/orders", [Authorize(AuthenticationSchemes = "Signature")] (ClaimsPrincipal caller) => WhoIs(caller)).AllowPresigned();
app.MapPost("/orders", [Authorize(AuthenticationSchemes = "Signature")] (HttpRequest request, ClaimsPrincipal caller) => EchoAsync(request, caller));
app.MapPost("/signed", [Authorize(AuthenticationSchemes = "Signature")] (HttpRequest request, ClaimsPrincipal caller) => EchoAsync(request, caller)).SignResponse();
app.MapGet("/token", [Authorize(AuthenticationSchemes = "AccessToken")] (ClaimsPrincipal caller) => WhoIs(caller));
app.MapGet("/signed-token", [Authorize(AuthenticationSchemes = "Signature,AccessToken")] (ClaimsPrincipal caller) => WhoIs(caller));
app.Run();

static string WhoIs(ClaimsPrincipal caller) => caller.FindFirstValue(SignatureClaimNames.KeyId) ?? "nobody";

static async Task<string> EchoAsync(HttpRequest request, ClaimsPrincipal caller)
{
    using var reader = new StreamReader(request.Body);
    return $"{WhoIs(caller)}: {await reader.ReadToEndAsync(request.HttpContext.RequestAborted)}";
}
