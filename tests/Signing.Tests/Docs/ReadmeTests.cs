using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Signing.AspNetCore;
using Signing.Client;
using Signing.Tests.House;
using Signing.Tests.Support;

namespace Signing.Tests.Docs;

public sealed class ReadmeTests
{
    private const string Key = "readme_key_1";
    private const string Secret = "readme_secret_of_more_than_16_bytes";
    private const string ClientReadme = "src/Signing.Client/README.md";

    [Fact]
    public async Task The_client_and_the_API_of_the_README_understand_each_other()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(
        [
            new("Signing:Credentials:0:Key", Key),
            new("Signing:Credentials:0:Secret", Secret),
        ]);
        ReadmeCode.AddClient(builder.Services, Key, Secret);
        await using WebApplication api = ReadmeCode.BuildApi(builder);
        await api.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

        using HttpClient signed = api.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        using var unsigned = new HttpClient();

        Assert.Equal("tea", await signed.GetStringAsync(new Uri(address, "/orders"), TestContext.Current.CancellationToken));
        using HttpResponseMessage refused = await unsigned.GetAsync(new Uri(address, "/orders"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task The_client_of_the_README_opens_a_socket()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder(Environments.Development);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Signing:Credentials:0:Key", Key),
            new("Signing:Credentials:0:Secret", Secret),
        ]);
        ReadmeCode.AddClient(builder.Services, Key, Secret);
        builder.Services.AddAuthentication().AddMessageSignature();
        builder.Services.AddAuthorization();
        await using WebApplication api = builder.Build();
        api.UseWebSockets();
        api.Map("/live", async (HttpContext context) => (await context.WebSockets.AcceptWebSocketAsync()).Dispose()).RequireAuthorization();
        await api.StartAsync(TestContext.Current.CancellationToken);
        var live = new Uri(api.Urls.Single().Replace("http", "ws", StringComparison.Ordinal) + "/live");
        using var socket = new ClientWebSocket();
        using var unsigned = new ClientWebSocket();

        await ReadmeCode.OpenSocketAsync(api.Services, socket, live, TestContext.Current.CancellationToken);

        Assert.Equal(WebSocketState.Open, socket.State);
        await Assert.ThrowsAsync<WebSocketException>(() => unsigned.ConnectAsync(live, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_client_of_the_README_that_insists_on_signed_answers_gets_them_from_the_API_that_signs()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder(Environments.Development);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Signing:Credentials:0:Key", Key),
            new("Signing:Credentials:0:Secret", Secret),
        ]);
        ReadmeCode.AddCautiousClient(builder.Services, Key, Secret);
        await using WebApplication api = ReadmeCode.BuildSigningApi(builder);
        await api.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        using HttpClient client = api.Services.GetRequiredService<IHttpClientFactory>().CreateClient("cautious");

        Assert.Equal("tea", await client.GetStringAsync(new Uri(address, "/orders"), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<MessageSigningException>(() => client.GetStringAsync(new Uri(address, "/nothing"), TestContext.Current.CancellationToken));
        (MessageSigner signer, MessageVerifier verifier) = ReadmeCode.MakeForResponses();
        Assert.Equal(signer.Policy.Target, verifier.Policy.Target);
    }

    [Fact]
    public async Task The_gateway_of_the_README_signs_beside_the_caller_for_the_API_of_several_parties()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder(Environments.Development);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Signing:Credentials:0:Key", Key),
            new("Signing:Credentials:0:Secret", Secret),
            new("Gateway:Credentials:0:Key", "gateway_key"),
            new("Gateway:Credentials:0:Secret", "gateway_secret_of_more_than_16_bytes"),
        ]);
        ReadmeCode.AddParties(builder.Services);
        ReadmeCode.AddGatewayClient(builder.Services, "gateway_key", "gateway_secret_of_more_than_16_bytes");
        await using WebApplication api = builder.Build();
        ReadmeCode.MapForParties(api);
        await api.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(api.Urls.Single());
        var options = new MessageSigningOptions { Key = Key, Secret = Secret, Policy = new SigningPolicy { Tag = "caller" } };
        using var client = new HttpClient(new MessageSigningHandler(options));
        using var chained = new HttpClient(new MessageSigningHandler(options, api.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("upstream")));

        using HttpResponseMessage alone = await client.PostAsync(new Uri(address, "/payments"), content: null, TestContext.Current.CancellationToken);
        using HttpResponseMessage both = await chained.PostAsync(new Uri(address, "/payments"), content: null, TestContext.Current.CancellationToken);
        using HttpResponseMessage others = await chained.PostAsync(new Uri(address, "/approvals"), content: null, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.Unauthorized), (alone.StatusCode, both.StatusCode, others.StatusCode));
        Assert.Equal("7", await client.GetStringAsync(new Uri(address, "/prices"), TestContext.Current.CancellationToken));
        Assert.True(ReadmeCode.MakeForGateway().Policy.CoverSignatures);
    }

    [Fact]
    public async Task The_token_client_and_the_token_API_of_the_README_understand_each_other()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder(Environments.Development);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Signing:Credentials:0:Key", Key),
            new("Signing:Credentials:0:Secret", Secret),
        ]);
        await using WebApplication api = ReadmeCode.BuildTokenApi(builder);
        await api.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

        // The address of the README is nobody's; the configuration comes last, and the origin follows it.
        var services = new ServiceCollection();
        ReadmeCode.AddTokenClient(services, Key, Secret);
        services.AddHttpClient("reports", client => client.BaseAddress = address);
        await using ServiceProvider client = services.BuildServiceProvider();
        using HttpClient reports = client.GetRequiredService<IHttpClientFactory>().CreateClient("reports");
        using var stranger = new HttpClient();

        Assert.Equal("all is well", await reports.GetStringAsync("/reports", TestContext.Current.CancellationToken));
        Assert.NotEmpty(await ReadmeCode.UseSourceAsync(client, TestContext.Current.CancellationToken));
        using HttpResponseMessage refused = await stranger.GetAsync(new Uri(address, "/reports"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task The_several_schemes_of_the_README_accept_a_signature_a_token_and_both()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder(Environments.Development);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Signing:Credentials:0:Key", Key),
            new("Signing:Credentials:0:Secret", Secret),
        ]);
        builder.Services.AddSigningTokens(tokens => tokens.Issuer = new Uri("https://api.example.com/auth"));
        ReadmeCode.AddSeveralSchemes(builder.Services);
        await using WebApplication api = builder.Build();
        api.MapTokenEndpoints("/auth");
        api.MapGet("/orders", () => "tea").RequireAuthorization();
        await api.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(api.Urls.Single());

        var services = new ServiceCollection();
        services.AddHttpClient("signature", client => client.BaseAddress = address).AddMessageSigning(Key, Secret);
        services.AddHttpClient("token", client => client.BaseAddress = address).AddAccessToken(Key, Secret);
        services.AddHttpClient("both", client => client.BaseAddress = address).AddAccessToken(Key, Secret).AddMessageSigning(Key, Secret);
        services.AddHttpClient("neither", client => client.BaseAddress = address);
        await using ServiceProvider clients = services.BuildServiceProvider();
        foreach ((string name, HttpStatusCode status) in new[] { ("signature", HttpStatusCode.OK), ("token", HttpStatusCode.OK), ("both", HttpStatusCode.OK), ("neither", HttpStatusCode.Unauthorized) })
        {
            using HttpClient client = clients.GetRequiredService<IHttpClientFactory>().CreateClient(name);
            using HttpResponseMessage answer = await client.GetAsync("/orders", TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode == status, $"{name}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task The_file_of_the_README_starts_on_a_server_and_is_operated_as_it_says()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("signing-readme-");
        using var rsa = RSA.Create(2048);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = new CertificateRequest("CN=readme", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using (WebApplication server = BuildServer(builder => ReadmeCode.AddFileOfAServer(builder, folder, certificate)))
        {
            await server.StartAsync(TestContext.Current.CancellationToken);
            string? secret = await ReadmeCode.OperateAsync(server.Services);
            Canary.Watch(secret!);
            Assert.StartsWith("shop_secret_live_", secret);
            Assert.Equal(5, (await server.Services.GetRequiredService<ICredentialStore>().ListAuditAsync(new RowQuery(), TestContext.Current.CancellationToken)).Rows.Count);
            await server.StopAsync(TestContext.Current.CancellationToken);
        }

        await using (WebApplication shortest = BuildServer(ReadmeCode.AddFile, Environments.Development))
        {
            await Assert.ThrowsAsync<CredentialStoreException>(() => shortest.StartAsync(TestContext.Current.CancellationToken));
        }

        folder.Delete(recursive: true);

        WebApplication BuildServer(Action<WebApplicationBuilder> add, string? environment = null)
        {
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment ?? Environments.Production, ContentRootPath = folder.FullName });
            builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            builder.Services.AddRouting();
            builder.Services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new KeysInMemory());
            add(builder);
            return builder.Build();
        }
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.Unauthorized)]
    public async Task Behind_a_gateway_that_forwards_the_host_the_lines_of_the_README_are_all_needed(bool all, HttpStatusCode expected)
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder(Environments.Development);
        builder.Configuration.AddInMemoryCollection([new("Signing:Credentials:0:Key", Key), new("Signing:Credentials:0:Secret", Secret)]);
        builder.Services.AddAuthentication().AddMessageSignature();
        builder.Services.AddAuthorization();
        ReadmeCode.AddForwarding(builder);
        await using WebApplication api = builder.Build();
        if (all)
        {
            ReadmeCode.UseForwarding(api);
        }
        else
        {
            api.UseForwardedHeaders();
        }

        api.MapGet("/orders", () => "tea").RequireAuthorization();
        await api.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        using var client = new HttpClient(new MessageSigningHandler(new MessageSigningOptions { Key = Key, Secret = Secret }, new ForwardingGateway()));

        using HttpResponseMessage answer = await client.GetAsync(new Uri(address, "/orders"), TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public void Every_block_of_CSharp_in_a_README_is_compiled_somewhere()
    {
        string[] compiled = [.. Repository.Sources("samples").Concat(Repository.Sources("tests")).Select(path => Flatten(Repository.Lines(path)))];
        foreach (string readme in Repository.Text().Where(path => path.EndsWith("README.md", StringComparison.Ordinal)))
        {
            foreach (string block in Blocks(Repository.Lines(readme), "csharp"))
            {
                Assert.True(compiled.Any(source => source.Contains(block, StringComparison.Ordinal)), $"{readme} shows code that nothing compiles:\n{block}");
            }
        }
    }

    [Fact]
    public void What_the_signer_of_the_core_README_signs_its_verifier_verifies_and_what_was_changed_it_does_not()
    {
        using var key = new SigningKey("shop_key_1", Secret);
        var fields = new Dictionary<string, string> { ["content-type"] = "application/json" };
        var verifier = new MessageVerifier(new VerificationPolicy());

        CoreReadmeCode.Sign(new MessageSigner(new SigningPolicy()), new WebhookCall("hooks.example.com", "/paid?order=7", fields), key, fields);
        SignatureStatus status = CoreReadmeCode.Verify(verifier, new WebhookCall("hooks.example.com", "/paid?order=7", fields), new() { ["shop_key_1"] = key }, out UInt128 fingerprint);
        SignatureStatus changed = CoreReadmeCode.Verify(verifier, new WebhookCall("hooks.example.com", "/paid?order=8", fields), new() { ["shop_key_1"] = key }, out _);

        Assert.Equal((SignatureStatus.Verified, SignatureStatus.InvalidCredential), (status, changed));
        Assert.NotEqual(default, fingerprint);
    }

    [Fact]
    public void The_options_of_the_README_are_valid()
    {
        var services = new ServiceCollection();
        ReadmeCode.AddScheme(services);
        using ServiceProvider provider = services.AddLogging().BuildServiceProvider();

        SignatureOptions options = provider.GetRequiredService<IOptionsMonitor<SignatureOptions>>().Get(SignatureDefaults.AuthenticationScheme);

        options.Validate(SignatureDefaults.AuthenticationScheme);
        _ = new InMemoryReplayStore(options.Policy, options.Replay);
    }

    [Fact]
    public void Configuration_that_a_README_shows_is_read_as_it_stands()
    {
        int shown = 0;
        foreach (string readme in Repository.Text().Where(path => path.EndsWith("README.md", StringComparison.Ordinal)))
        {
            foreach (string block in Blocks(Repository.Lines(readme), "json"))
            {
                using var json = new MemoryStream(Encoding.UTF8.GetBytes(block));
                using var source = new ConfigurationCredentialSource(new ConfigurationBuilder().AddJsonStream(json).Build());
                shown++;
            }
        }

        Assert.InRange(shown, 2, int.MaxValue);
    }

    [Fact]
    public async Task The_clients_of_the_client_README_start_with_its_configuration()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(Blocks(Repository.Lines(ClientReadme), "json").Single()));
        builder.Configuration.AddJsonStream(json).AddInMemoryCollection([new("Orders:Secret", Secret)]);
        ReadmeCode.AddConfiguredClient(builder.Services, builder.Configuration);
        ReadmeCode.AddApiTokenClients(builder.Services, "static-1");
        using IHost host = builder.Build();

        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal("orders", host.Services.GetRequiredService<IOptionsMonitor<MessageSigningOptions>>().Get("orders").Policy.Tag);
    }

    [Fact]
    public void The_table_of_the_client_README_has_every_setting_and_no_other()
    {
        string[] settings = [.. SettingNames.OfAccessToken.Concat(SettingNames.OfApiToken).Concat(SettingNames.OfSigning).Distinct(StringComparer.Ordinal)
            .SelectMany(setting => SettingNames.Within(setting)?.Select(part => $"{setting}:{part}") ?? [setting])];
        IEnumerable<string> table = Repository.Lines(ClientReadme)
            .SkipWhile(line => !line.StartsWith("| setting |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('`')[1]);

        Assert.Equal(settings.Order(StringComparer.Ordinal), table.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_README_shows_code_by_line_20()
    {
        string[] lines = Repository.Lines("README.md");

        Assert.InRange(Array.FindIndex(lines, line => line.StartsWith("```csharp", StringComparison.Ordinal)), 0, 20);
    }

    [Fact]
    public void Every_relative_link_in_a_README_leads_to_a_file()
    {
        foreach (string readme in Repository.Text().Where(path => path.EndsWith("README.md", StringComparison.Ordinal)))
        {
            string folder = Path.GetDirectoryName(readme)!;
            foreach (string target in Links(Repository.Read(readme)).Where(link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith('#')))
            {
                Assert.True(Repository.Has(Path.Combine(folder, target)), $"{readme} links to {target}, which does not exist.");
            }
        }
    }

    private static IEnumerable<string> Blocks(string[] lines, string language)
    {
        for (int start = 0; start < lines.Length; start++)
        {
            if (lines[start].Trim() == "```" + language)
            {
                int end = Array.FindIndex(lines, start + 1, line => line.Trim() == "```");
                yield return Flatten(lines[(start + 1)..end]);
                start = end;
            }
        }
    }

    private static IEnumerable<string> Links(string text)
    {
        for (int at = text.IndexOf("](", StringComparison.Ordinal); at >= 0; at = text.IndexOf("](", at + 2, StringComparison.Ordinal))
        {
            yield return text[(at + 2)..text.IndexOf(')', at)].Split('#')[0];
        }
    }

    // Indentation and blank lines are the page's own.
    private static string Flatten(IEnumerable<string> lines) =>
        string.Join('\n', lines.Select(line => line.Trim()).Where(line => line.Length > 0));
}
