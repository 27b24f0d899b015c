using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Signing.Client;

namespace Signing.Benchmarks.Load;

/// <summary>The server of one door, as a process.</summary>
internal sealed class LoadProcess : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client = new();

    private LoadProcess(LoadDoor door, Process process, Uri address)
    {
        Door = door;
        _process = process;
        Address = address;
    }

    public LoadDoor Door { get; }

    public Uri Address { get; }

    /// <summary>Gets the header field that proves who calls, line end included; empty where there is none or each request has its own.</summary>
    public string ProofLine { get; private set; } = "";

    /// <summary>Gets the processor time that the server has taken so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<LoadProcess> StartAsync(LoadDoor door)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(LoadProcess).Assembly.Location);
        }

        start.ArgumentList.Add("--serve");
        start.ArgumentList.Add(door.Name);
        Process process = Process.Start(start)!;
        string address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The server of \"{door.Name}\" did not start.");
        return new LoadProcess(door, process, new Uri(address));
    }

    /// <summary>Logs in anew, before each round: on a slow machine a run outlives an access token.</summary>
    public async Task LogInAsync() => ProofLine = await GetProofLineAsync();

    /// <summary>Asks what the runtime has allocated since the process started.</summary>
    public async Task<long> AllocatedAsync() =>
        long.Parse(await _client.GetStringAsync(new Uri(Address, LoadServer.AllocatedPath)), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _client.Dispose();
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<string> GetProofLineAsync()
    {
        switch (Door.Proof)
        {
            case LoadProof.Login:
                using (HttpResponseMessage answer = await _client.PostAsync(new Uri(Address, LoadServer.SignInPath), content: null))
                {
                    answer.EnsureSuccessStatusCode();
                    return answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies)
                        ? $"Cookie: {cookies.Single().Split(';')[0]}\r\n"
                        : $"Authorization: Bearer {(await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()}\r\n";
                }

            case LoadProof.AccessToken:
                var services = new ServiceCollection();
                services.AddHttpClient("load", client => client.BaseAddress = Address).AddAccessToken(LoadServer.Key, LoadServer.Secret);
                await using (ServiceProvider provider = services.BuildServiceProvider())
                {
                    AccessToken token = await provider.GetRequiredKeyedService<AccessTokenSource>("load").GetAsync(CancellationToken.None);
                    return $"Authorization: Bearer {token.Value}\r\n";
                }

            default:
                return "";
        }
    }
}
