using Signing.Programs.Tests.Support;

namespace Signing.Programs.Tests.Samples;

/// <summary>samples/Console and samples/MinimalApi, as two programs that know nothing of each other but a Key and a Secret.</summary>
public sealed class ConsoleSampleTests
{
    private const string Key = "sample_key_1";
    private const string Secret = "sample_secret_0123456789abcdef";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_program_reads_and_writes_orders_at_the_api()
    {
        await using SampleProcess api = StartApi();
        string address = await api.WaitForAsync("Now listening on:", Cancelled);
        await using SampleProcess program = StartProgram(address, Secret);

        (int exitCode, string output) = await program.EndAsync(Cancelled);

        Assert.Equal($$"""
            GET /orders  200 {"caller":"{{Key}}","orders":"tea, coffee"}
            POST /orders 201 {"item":"tea","caller":"{{Key}}"}
            """, output.Trim(), ignoreLineEndingDifferences: true);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task With_another_secret_the_program_is_refused_and_says_so()
    {
        await using SampleProcess api = StartApi();
        string address = await api.WaitForAsync("Now listening on:", Cancelled);
        await using SampleProcess program = StartProgram(address, Secret + "!");

        (int exitCode, string output) = await program.EndAsync(Cancelled);

        Assert.Contains("GET /orders  401", output, StringComparison.Ordinal);
        Assert.Contains("invalid_credential", output, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }

    private static SampleProcess StartApi() => SampleProcess.Start(
        "MinimalApi",
        ["--urls", "http://127.0.0.1:0"],
        ("ASPNETCORE_ENVIRONMENT", "Development"),
        ("Signing__Credentials__0__Key", Key),
        ("Signing__Credentials__0__Secret", Secret),
        ("Signing__Credentials__0__Scopes__0", "orders.write"));

    private static SampleProcess StartProgram(string address, string secret) => SampleProcess.Start(
        "Console", [], ("Orders__Address", address), ("Orders__Key", Key), ("Orders__Secret", secret));
}
