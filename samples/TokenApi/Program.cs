// An API whose callers log in with a Key and a Secret, and send the access token that they get with each request:
//   Signing__Credentials__0__Key=… Signing__Credentials__0__Secret=… dotnet run --project samples/TokenApi
// Logins outlast a restart: they, and the keys that seal them, are kept in the folder that `Data` names.
using System.Security.Claims;
using Microsoft.AspNetCore.DataProtection;

var builder = WebApplication.CreateBuilder(args);
string data = Path.Combine(AppContext.BaseDirectory, builder.Configuration["Data"] ?? "data");

// Outside Development the key ring must be encrypted too: add one of the ProtectKeysWith… methods.
builder.Services.AddDataProtection().SetApplicationName("TokenApi").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(data, "keys")));
builder.Services.AddSigningTokens(tokens =>
{
    tokens.Issuer = new Uri(builder.Configuration["Issuer"] ?? "https://api.example.com/auth");
    tokens.JournalPath = Path.Combine(data, "grants.journal");
});
builder.Services.AddAuthentication().AddAccessToken();
builder.Services.AddAuthorization();

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapTokenEndpoints("/auth", endpoints => endpoints.RefreshTokenWithClientCredentials = builder.Configuration.GetValue("RefreshTokens", false));

app.MapGet("/orders", (ClaimsPrincipal caller) => new { caller = caller.Identity!.Name, orders = "tea, coffee" })
    .RequireAuthorization();

app.Run();
