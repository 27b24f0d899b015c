using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.Extensions.DependencyInjection;
using Signing.Tests.Support;

namespace Signing.Tests.Endpoints;

/// <summary>A host that logs whole requests and answers.</summary>
public sealed class HttpLoggingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_that_logs_all_content_logs_no_secret_and_no_token(bool isCombined)
    {
        await using TokenApi api = await TokenApi.StartAsync(Logging(isCombined));
        (string access, string refresh) = await api.LogInAsync();
        await api.FormAsync("/auth/token", $"grant_type=client_credentials&client_id={ApiHost.Key}&client_secret={Uri.EscapeDataString(ApiHost.Secret)}");
        await api.RefreshAsync(refresh);
        await api.FormAsync("/auth/introspect", $"token={access}&client_id={ApiHost.Key}&client_secret={Uri.EscapeDataString(ApiHost.Secret)}");

        await api.GetAsync(access);
        RequestDraft signed = api.Host.Draft("POST", "/echo", "of the host"u8.ToArray()).With("Content-Type", "text/plain");
        await api.Host.SendAsync(signed);

        string logged = Logged(api);
        Assert.Contains("/auth/login", logged, StringComparison.Ordinal);
        Assert.Contains("of the host", logged, StringComparison.Ordinal);
        Assert.DoesNotContain(ApiHost.Secret, logged, StringComparison.Ordinal);
        Assert.DoesNotContain(Uri.EscapeDataString(ApiHost.Secret), logged, StringComparison.Ordinal);
        Assert.DoesNotContain("sgn_access_", logged, StringComparison.Ordinal);
        Assert.DoesNotContain("sgn_refresh_", logged, StringComparison.Ordinal);
        Assert.DoesNotContain(signed.Mac(), logged, StringComparison.Ordinal);
    }

    private static TokenApiSettings Logging(bool isCombined) => new()
    {
        Build = builder => builder.Services.AddHttpLogging(options =>
        {
            options.LoggingFields = HttpLoggingFields.All;
            options.CombineLogs = isCombined;
            options.MediaTypeOptions.AddText("application/x-www-form-urlencoded");
        }),
        Before = static app => app.UseHttpLogging(),
    };

    private static string Logged(TokenApi api) => string.Join(
        '\n', api.Host.Log.Lines.Where(line => line.Category.Contains("HttpLogging", StringComparison.Ordinal)).Select(line => line.Text));
}
