using Microsoft.Extensions.DependencyInjection;

namespace Signing.Tests.Client.Tokens;

/// <summary>The code of the client's README, line for line, where the compiler sees it.</summary>
internal static class ReadmeTokens
{
    public static void AddClient(IServiceCollection services, string key, string secret)
    {
        services.AddHttpClient("orders", client => client.BaseAddress = new Uri("https://api.example.com"))
            .AddAccessToken(key, secret)
            .AddMessageSigning(key, secret);
    }
}
