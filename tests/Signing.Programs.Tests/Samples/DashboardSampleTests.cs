using System.Net.Http.Json;
using System.Text.Json;
using Signing.Programs.Tests.Support;

namespace Signing.Programs.Tests.Samples;

/// <summary>samples/Dashboard: the page with its data, and the client with a key that was created there.</summary>
public sealed class DashboardSampleTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("signing-dashboard-").FullName;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_key_that_is_created_at_the_page_calls_what_its_application_is_connected_to_until_it_is_revoked()
    {
        await using SampleProcess api = SampleProcess.Start("Dashboard", ["--urls", "http://127.0.0.1:0"], ("Data", _data));
        var page = new Uri(await api.WaitForAsync("The page of the operators:", Cancelled));
        using var operate = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(page.AbsoluteUri + "/api/v1/") };
        Assert.Contains("<base href=\"/signing/\">", await operate.GetStringAsync(page, Cancelled), StringComparison.Ordinal);
        JsonElement antiforgery = (await GetAsync(operate, "me")).GetProperty("antiforgery");
        operate.DefaultRequestHeaders.Add(antiforgery.GetProperty("header").GetString()!, antiforgery.GetProperty("token").GetString());
        operate.DefaultRequestHeaders.Add("Origin", page.GetLeftPart(UriPartial.Authority));
        JsonElement workspace = (await GetAsync(operate, "workspaces")).GetProperty("items")[0];
        Assert.NotEmpty((await GetAsync(operate, "health")).GetProperty("items").EnumerateArray());

        JsonElement made = await PostAsync(operate, "applications", new
        {
            workspaceId = workspace.GetProperty("id").GetString(),
            name = "Kiosk",
            bundleId = "com.example.kiosk",
            connectedApis = new[] { "stock" },
            credential = new { name = "Kiosk key", environment = "live" },
        });
        JsonElement credential = made.GetProperty("credential");
        (string Name, string Value)[] settings =
        [
            ("Api__Address", page.GetLeftPart(UriPartial.Authority)),
            ("Api__Key", credential.GetProperty("key").GetString()!),
            ("Api__Secret", made.GetProperty("text").GetString()!),
        ];
        (int accepted, string calls) = await CallAsync(settings);
        await PostAsync(operate, $"credentials/{credential.GetProperty("id").GetString()}:revoke", new { });
        (int refused, string callsAfter) = await CallAsync(settings);

        Assert.Equal(0, accepted);
        Assert.Contains("GET /orders/42  403", calls, StringComparison.Ordinal);
        Assert.Contains("api_not_connected", calls, StringComparison.Ordinal);
        Assert.Contains("""GET /stock      200 {"tea":12,"coffee":7}""", calls, StringComparison.Ordinal);
        Assert.Equal(1, refused);
        Assert.Contains("invalid_credential", callsAfter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_the_client_says_what_to_set()
    {
        (int exitCode, string output) = await CallAsync([]);

        Assert.Equal(2, exitCode);
        Assert.Contains("Set Api__Key and Api__Secret", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> CallAsync((string Name, string Value)[] settings)
    {
        await using SampleProcess client = SampleProcess.Start("Dashboard", ["call"], settings);
        return await client.EndAsync(Cancelled);
    }

    private static Task<JsonElement> GetAsync(HttpClient operate, string path) => operate.GetFromJsonAsync<JsonElement>(path, Cancelled);

    private static async Task<JsonElement> PostAsync(HttpClient operate, string path, object body)
    {
        using HttpResponseMessage answer = await operate.PostAsJsonAsync(new Uri(operate.BaseAddress!, path), body, Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
    }
}
