// An API that only accepts signed requests. Its credentials stand in configuration:
//   Signing__Credentials__0__Key=… Signing__Credentials__0__Secret=… dotnet run --project samples/MinimalApi
// Secrets belong into the environment or a vault, not into appsettings.json.
using System.Security.Claims;
using Signing.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication().AddMessageSignature();
builder.Services.AddAuthorizationBuilder()
    .AddPolicy("write", policy => policy.RequireClaim(SignatureClaimNames.Scope, "orders.write"));
builder.Services.AddProblemDetails();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();

app.MapGet("/", () => "Send a signed request to /orders.");
app.MapGet("/orders", (ClaimsPrincipal caller) => new { caller = caller.Identity!.Name, orders = "tea, coffee" })
    .RequireAuthorization();
app.MapPost("/orders", (Order order, ClaimsPrincipal caller) => Results.Created($"/orders/{order.Item}", new { order.Item, caller = caller.Identity!.Name }))
    .RequireAuthorization("write");

app.Run();

internal sealed record Order(string Item, int Count);
