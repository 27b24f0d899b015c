using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials.Rows;

/// <summary>The rows on what is made, how it is kept and where it was used, each with credentials that an operator has created.</summary>
public sealed class StoreRowTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly StoredCredentials _stored;

    public StoreRowTests() => _stored = new StoredCredentials(_clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _stored.Dispose();

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task E13_The_client_takes_Key_and_Secret_and_signs_every_request(Door door)
    {
        ApplicationResult made = await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders");
        await using ApiHost host = await StartAsync(door: door);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddHttpClient("orders", client => client.BaseAddress = new Uri($"http://{host.Authority}")).AddMessageSigning(made.Credential!.Key!, made.Text!);
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        using HttpResponseMessage read = await client.GetAsync("/orders/1?fields=id", Cancellation);
        using HttpResponseMessage written = await client.PostAsync("/orders", new StringContent("tea"), Cancellation);

        Assert.Equal((200, 200), ((int)read.StatusCode, (int)written.StatusCode));
        Assert.Equal(made.Credential.Key, Assert.Single(written.Headers.GetValues("X-User")));
        Assert.Equal("tea", await written.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task S11_No_Secret_token_or_sharing_key_stands_in_what_is_kept_in_whatever_way_it_may_be_shown()
    {
        WorkspaceRecord retrievable = await _stored.WorkspaceAsync("Beta", SecretDisclosure.Retrievable);
        ApplicationResult once = await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders");
        ApplicationResult again = await _stored.PairAsync(retrievable, "Reports");
        SecretResult token = await _stored.CreateAsync(new NewCredential { Kind = CredentialKind.ApiToken, Name = "Nightly", ApplicationId = again.Application!.Id });
        SharingKeyResult shared = await _stored.Desk.CreateSharingKeyAsync(new NewSharingKey { GrantorWorkspaceId = retrievable.Id, Name = "For Acme" }, StoredCredentials.Operator, Cancellation);
        SecretResult rotated = await _stored.Desk.RotateAsync(once.Credential!.Id, null, TimeSpan.FromHours(1), StoredCredentials.Operator, Cancellation);
        string[] texts = [once.Text!, again.Text!, token.Text!, shared.Text!, rotated.Text!];

        foreach (byte[] content in await _stored.ReadAsync())
        {
            foreach (string text in texts)
            {
                // In clear, in base64, or the random part alone.
                Assert.Equal(-1, content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)));
                Assert.Equal(-1, content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)))));
                Assert.Equal(-1, content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text[(text.LastIndexOf('_') + 1)..])));
            }
        }

        Assert.Equal(again.Text, (await _stored.Desk.RevealAsync(again.Credential!.Id, null, StoredCredentials.Operator, Cancellation)).Text);
    }

    [Fact]
    public async Task S12_Each_Key_and_text_is_unique_by_at_least_128_random_bits()
    {
        const int count = 50;
        ApplicationResult made = await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders");
        HashSet<string> parts = new(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            SecretResult pair = await _stored.CreateAsync(new NewCredential { Kind = CredentialKind.KeyPair, Name = $"Pair {i}", ApplicationId = made.Application!.Id });
            SecretResult token = await _stored.CreateAsync(new NewCredential { Kind = CredentialKind.ApiToken, Name = $"Token {i}", ApplicationId = made.Application.Id });
            foreach (string text in (string[])[pair.Credential!.Key!, pair.Text![..^CredentialFormat.ChecksumLength], token.Text![..^CredentialFormat.ChecksumLength]])
            {
                string random = text[(text.LastIndexOf('_') + 1)..];
                Assert.True(random.Length * Math.Log2(62) >= (text.StartsWith("sgn_key_", StringComparison.Ordinal) ? 128 : 256), random.Length.ToString());
                parts.Add(random);

                // Any 64 bits of them differ too: nothing in them counts up or repeats.
                Assert.True(parts.Add(random[..11]) && parts.Add(random[^11..]), text.Length.ToString());
            }
        }

        Assert.Equal(9 * count, parts.Count);
        Assert.Equal(62, string.Concat(parts).Distinct().Count());
    }

    [Fact]
    public async Task P17_The_environment_stands_in_the_prefix_and_an_API_of_another_one_refuses_it()
    {
        WorkspaceRecord workspace = await _stored.WorkspaceAsync();
        ApplicationResult live = await _stored.PairAsync(workspace, "Live");
        SecretResult test = await _stored.CreateAsync(new NewCredential { Kind = CredentialKind.KeyPair, Name = "Test", ApplicationId = live.Application!.Id, Environment = "test" });
        SecretResult token = await _stored.CreateAsync(new NewCredential { Kind = CredentialKind.ApiToken, Name = "Token", ApplicationId = live.Application.Id, Environment = "test" });

        Assert.StartsWith("sgn_key_live_", live.Credential!.Key, StringComparison.Ordinal);
        Assert.StartsWith("sgn_secret_live_", live.Text, StringComparison.Ordinal);
        Assert.StartsWith("sgn_key_test_", test.Credential!.Key, StringComparison.Ordinal);
        Assert.StartsWith("sgn_secret_test_", test.Text, StringComparison.Ordinal);
        Assert.StartsWith("sgn_token_test_", token.Text, StringComparison.Ordinal);
        await using ApiHost host = await StartAsync(options => options.Environment = "live");
        Assert.Equal((200, ""), await SendAsync(host, live.Credential, live.Text!));
        Assert.Equal((401, "environment_mismatch"), await SendAsync(host, test.Credential, test.Text!));
    }

    [Fact]
    public async Task P19_Where_and_when_a_credential_and_each_of_its_Secrets_was_last_used()
    {
        ApplicationResult made = await _stored.PairAsync(await _stored.WorkspaceAsync(), "Orders");
        SecretResult rotated = await _stored.Desk.RotateAsync(made.Credential!.Id, null, TimeSpan.FromHours(24), StoredCredentials.Operator, Cancellation);
        Assert.Null(rotated.Credential!.LastUsed);
        await using ApiHost host = await StartAsync();
        DateTimeOffset former = _clock.GetUtcNow();
        Assert.Equal(200, (await SendAsync(host, made.Credential, made.Text!)).Status);
        _clock.Advance(TimeSpan.FromMinutes(2));
        DateTimeOffset current = _clock.GetUtcNow();
        Assert.Equal(200, (await SendAsync(host, made.Credential, rotated.Text!)).Status);

        await host.App.StopAsync(Cancellation);

        CredentialRecord row = (await _stored.Store.GetAsync<CredentialRecord>(made.Credential.Id, Cancellation))!;
        Assert.Equal(new LastUse(current, "127.0.0.1"), row.LastUsed);
        Assert.Equal([new LastUse(former, "127.0.0.1"), new LastUse(current, "127.0.0.1")], row.Secrets.Select(secret => secret.LastUsed!.Value));
    }

    private static async Task<(int Status, string Code)> SendAsync(ApiHost host, CredentialRecord credential, string secret)
    {
        RequestDraft draft = host.Draft();
        (draft.KeyId, draft.Secret) = (credential.Key!, secret);
        RawAnswer answer = await host.SendAsync(draft);
        return (answer.Status, answer.Status == 200 ? "" : answer.Code ?? "");
    }

    private Task<ApiHost> StartAsync(Action<SignatureOptions>? signature = null, Door door = Door.Middleware) => ApiHost.StartAsync(new ApiHostSettings
    {
        Door = door,
        Clock = _clock,
        CredentialsFromConfiguration = true,
        Signature = signature ?? (static _ => { }),
        Build = builder => _stored.Register(builder.Services),
    });
}
