using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client;

/// <summary><c>AddMessageSigning</c>: where it puts the signer, whence it takes its options, and what it refuses at start.</summary>
public sealed class MessageSigningRegistrationTests : ClientTestBase
{
    private const string OtherSecret = "another_secret_0123456789";

    [Fact]
    public async Task A_key_and_a_secret_are_enough()
    {
        IHttpClientBuilder builder = Orders();
        builder.AddMessageSigning(KeyId, Secret);

        await GetAsync(builder);

        Assert.Equal(SignatureStatus.Verified, Verify(Server.Requests[^1]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_signer_is_innermost_wherever_its_call_stands(int position)
    {
        IHttpClientBuilder builder = Orders();
        var calls = new List<Action>
        {
            () => builder.AddHttpMessageHandler(() => new RelayHandler(request => request.Headers.Add("X-Added", "outer"))),
            () => builder.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler()),
            () => builder.AddHttpMessageHandler(() => new RelayHandler(request => request.Headers.Authorization = new("Bearer", "late"))),
        };
        calls.Insert(position, () => builder.AddMessageSigning(options =>
        {
            options.Key = KeyId;
            options.Secret = Secret;
            options.Policy = new SigningPolicy { CoverIfPresent = ["authorization", "x-added"] };
        }));
        calls.ForEach(call => call());

        await GetAsync(builder);

        RawRequest received = Server.Requests[^1];
        Assert.Equal(["@method", "@authority", "@path", "@query", "authorization", "x-added"], received.Covered());
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Fact]
    public async Task Logging_handlers_on_both_sides_that_read_the_headers_do_not_break_the_signature()
    {
        IHttpClientBuilder builder = Orders();
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new LogBook()));
        builder.Services.AddSingleton<IHttpMessageHandlerBuilderFilter, LoggersBehindEverybody>();
        builder
            .AddHttpMessageHandler(() => new RelayHandler(RelayHandler.Enumerate))
            .AddMessageSigning(options => (options.Key, options.Secret, options.Policy) = (KeyId, Secret, new SigningPolicy { CoverIfPresent = ["cache-control", "accept"] }))
            .AddHttpMessageHandler(() => new RelayHandler(RelayHandler.Enumerate));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/a");
        request.Headers.TryAddWithoutValidation("Cache-Control", "no-cache,max-age=1");
        request.Headers.TryAddWithoutValidation("Accept", "a/b;q=0.10 ,c/d");

        await using ServiceProvider services = builder.Services.BuildServiceProvider();
        using HttpResponseMessage response = await services.GetRequiredService<IHttpClientFactory>().CreateClient("orders").SendAsync(request, Cancelled);

        RawRequest received = Server.Requests[^1];
        Assert.Contains("cache-control", received.Covered(), StringComparer.Ordinal);
        Assert.Equal("no-cache, max-age=1", received["cache-control"]);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Fact]
    public async Task Default_loggers_leave_the_headers_as_the_caller_wrote_them()
    {
        IHttpClientBuilder builder = Orders().AddMessageSigning(options => (options.Key, options.Secret, options.Policy) = (KeyId, Secret, new SigningPolicy { CoverIfPresent = ["cache-control"] }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/a");
        request.Headers.TryAddWithoutValidation("Cache-Control", "no-cache,max-age=1");

        await using ServiceProvider services = builder.Services.BuildServiceProvider();
        await services.GetRequiredService<IHttpClientFactory>().CreateClient("orders").SendAsync(request, Cancelled);

        Assert.Equal("no-cache,max-age=1", Server.Requests[^1]["cache-control"]);
        Assert.Equal(SignatureStatus.Verified, Verify(Server.Requests[^1]));
    }

    [Fact]
    public async Task Adding_it_twice_signs_once_and_the_later_options_win()
    {
        IHttpClientBuilder builder = Orders().AddMessageSigning("someone_else", OtherSecret).AddMessageSigning(KeyId, Secret);

        await GetAsync(builder);

        RawRequest received = Server.Requests[^1];
        Assert.Single(received.Lines("signature"));
        Assert.DoesNotContain(", ", received["signature"], StringComparison.Ordinal);
        Assert.Equal(SignatureStatus.Verified, Verify(received));
    }

    [Fact]
    public async Task Each_named_client_has_options_of_its_own_and_others_are_not_signed()
    {
        IHttpClientBuilder builder = Orders().AddMessageSigning(KeyId, Secret);
        builder.Services.AddHttpClient("billing", client => client.BaseAddress = Server.Address).AddMessageSigning("billing_key", OtherSecret);
        builder.Services.AddHttpClient("plain", client => client.BaseAddress = Server.Address);

        await GetAsync(builder, "billing");
        await GetAsync(builder, "plain");

        using var billing = new SigningKey("billing_key", OtherSecret);
        Assert.Equal(SignatureStatus.Verified, Server.Requests[0].Verify(billing, Time));
        Assert.Empty(Server.Requests[1].Lines("signature"));
    }

    [Fact]
    public async Task Defaults_for_all_clients_sign_each_of_them_and_one_may_differ()
    {
        var configuration = new LiveConfiguration($$"""{ "Api": { "Key": "{{KeyId}}", "Secret": "{{Secret}}" } }""");
        IHttpClientBuilder builder = Orders();
        builder.Services.ConfigureHttpClientDefaults(all => all.AddMessageSigning(configuration.Root.GetSection("Api")));
        builder.Services.AddHttpClient("billing", client => client.BaseAddress = Server.Address).AddMessageSigning(options => options.Policy = new SigningPolicy { Tag = "billing" });
        await using ServiceProvider services = builder.Services.BuildServiceProvider();

        await GetAsync(services, "orders");
        await GetAsync(services, "billing");
        configuration.Replace($$"""{ "Api": { "Key": "new_key", "Secret": "{{OtherSecret}}" } }""");
        await GetAsync(services, "orders");

        Assert.Equal(SignatureStatus.Verified, Verify(Server.Requests[0]));
        Assert.Equal(SignatureStatus.Verified, Verify(Server.Requests[1], new VerificationPolicy { Tag = "billing" }));
        Assert.Contains("keyid=\"new_key\"", Server.Requests[2]["signature-input"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_setting_can_come_from_configuration()
    {
        var configuration = new LiveConfiguration($$"""
            {
              "Key": "{{KeyId}}", "Secret": "{{Secret}}", "Tag": "orders", "Lifetime": "00:01:00", "Label": "mine",
              "Components": ["@method", "@authority", "@path", "@query", "@scheme"], "CoverIfPresent": ["content-digest"],
              "Digest": "sha512", "MaxBufferedBytes": "10", "AllowPlainHttp": "true", "LearnFromServer": "false", "IncludeNonce": "false", "IncludeAlgorithm": "false"
            }
            """);
        IHttpClientBuilder builder = Orders().AddMessageSigning(configuration.Root);
        await using ServiceProvider services = builder.Services.BuildServiceProvider();

        using HttpResponseMessage response = await services.GetRequiredService<IHttpClientFactory>().CreateClient("orders").PostAsync("/a", new StringContent("hello"), Cancelled);

        RawRequest received = Server.Requests[^1];
        long now = Time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal($"mine=(\"@method\" \"@authority\" \"@path\" \"@query\" \"@scheme\" \"content-digest\");created={now};expires={now + 60};keyid=\"{KeyId}\";tag=\"orders\"", received["signature-input"]);
        Assert.StartsWith("sha-512=:", received["content-digest"], StringComparison.Ordinal);
        MessageSigningOptions options = services.GetRequiredService<IOptionsMonitor<MessageSigningOptions>>().Get("orders");
        Assert.Equal((10, true, false), (options.MaxBufferedBytes, options.AllowPlainHttp, options.LearnFromServer));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_switch_of_a_section_is_read_as_it_stands(bool isOn)
    {
        string[] switches = ["AllowPlainHttp", "LearnFromServer", "Responses:Required", "Responses:Ask", "CoverSignatures", "IncludeNonce", "IncludeAlgorithm"];
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Key", KeyId), new("Secret", Secret), .. switches.Select(name => new KeyValuePair<string, string?>(name, isOn ? "True" : "false"))])
            .Build();
        await using ServiceProvider services = Orders().AddMessageSigning(configuration).Services.BuildServiceProvider();

        MessageSigningOptions options = services.GetRequiredService<IOptionsMonitor<MessageSigningOptions>>().Get("orders");

        bool[] read =
        [
            options.AllowPlainHttp, options.LearnFromServer, options.Responses.Required, options.Responses.Ask,
            options.Policy.CoverSignatures, options.Policy.IncludeNonce, options.Policy.IncludeAlgorithm,
        ];
        Assert.All(read, value => Assert.Equal(isOn, value));
    }

    [Fact]
    public async Task A_reload_takes_effect_without_a_restart_and_a_broken_one_keeps_the_last_good_options()
    {
        var configuration = new LiveConfiguration($$"""{ "Key": "{{KeyId}}", "Secret": "{{Secret}}" }""");
        IHttpClientBuilder builder = Orders().AddMessageSigning(configuration.Root);
        var log = new RecordedLog<MessageSigningHandler>();
        builder.Services.AddSingleton<ILogger<MessageSigningHandler>>(log);
        await using ServiceProvider services = builder.Services.BuildServiceProvider();
        HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        await client.GetAsync("/a", Cancelled);
        configuration.Replace($$"""{ "Key": "new_key", "Secret": "{{OtherSecret}}" }""");
        await client.GetAsync("/a", Cancelled);
        Assert.ThrowsAny<Exception>(() => configuration.Replace("""{ "Key": "newer_key", "Secret": "short" }"""));
        await client.GetAsync("/a", Cancelled);
        Assert.ThrowsAny<Exception>(() => configuration.Replace($$"""{ "Key": "newer_key", "Secret": "{{Secret}}", "Digst": "Sha512" }"""));
        await client.GetAsync("/a", Cancelled);
        configuration.Replace($$"""{ "Key": "newest_key", "Secret": "{{OtherSecret}}" }""");
        await client.GetAsync("/a", Cancelled);

        string[] expected = [KeyId, "new_key", "new_key", "new_key", "newest_key"];
        Assert.All(Server.Requests.Zip(expected), pair => Assert.Contains($"keyid=\"{pair.Second}\"", pair.First["signature-input"], StringComparison.Ordinal));
        Assert.Equal(2, log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)));
        Assert.DoesNotContain(log.Lines, line => line.Contains("short", StringComparison.Ordinal) || line.Contains(OtherSecret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_server_has_taught_is_done_under_the_options_of_a_reload()
    {
        var configuration = new LiveConfiguration($$"""{ "Key": "{{KeyId}}", "Secret": "{{Secret}}" }""");
        await using ServiceProvider services = Orders().AddMessageSigning(configuration.Root).Services.BuildServiceProvider();
        HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("insufficient_coverage", "Accept-Signature: s=(\"@scheme\")\r\n") : RawServer.Ok;

        await client.GetAsync("/a", Cancelled);
        configuration.Replace($$"""{ "Key": "new_key", "Secret": "{{OtherSecret}}" }""");
        await client.GetAsync("/a", Cancelled);

        string[] expected = [KeyId, KeyId, "new_key"];
        Assert.All(Server.Requests.Zip(expected), pair => Assert.Contains($"keyid=\"{pair.Second}\"", pair.First["signature-input"], StringComparison.Ordinal));
        Assert.Equal([false, true, true], Server.Requests.Select(received => received.Covered().Contains("@scheme")));
    }

    [Theory]
    [InlineData("""{ "Secret": "acme_secret_0123456789abcdef" }""", "has no Key")]
    [InlineData("""{ "Key": "acme_key_1" }""", "has no Secret")]
    [InlineData("""{ "Key": "acme_key_1", "Secret": "0123456789" }""", "16 bytes")]
    [InlineData("""{ "Key": "acme_key_1", "Secrt": "acme_secret_0123456789abcdef" }""", "The setting Secrt is not known; Secret is.")]
    [InlineData("""{ "Key": "acme_key_1", "Secret": "acme_secret_0123456789abcdef", "Lifteime": "00:01:00" }""", "The setting Lifteime is not known; Lifetime is.")]
    [InlineData("""{ "Key": "acme_key_1", "Secret": "acme_secret_0123456789abcdef", "Lifetime": "soon" }""", "The setting Lifetime has to be a duration, such as 00:01:00 for a minute.")]
    [InlineData("""{ "Key": "acme_key_1", "Secret": "acme_secret_0123456789abcdef", "Lifetime": "60" }""", "The setting Lifetime has to be a duration")]
    [InlineData("""{ "Key": "acme_key_1", "Secret": "acme_secret_0123456789abcdef", "AllowPlainHttp": "yes" }""", "The setting AllowPlainHttp has to be true or false.")]
    [InlineData("""{ "Key": "acme_key_1", "Secret": "acme_secret_0123456789abcdef", "Digest": "md5" }""", "The setting Digest has to be one of Sha256, Sha512.")]
    [InlineData("""{ "Key": "acme_key_1", "Secret": "acme_secret_0123456789abcdef", "MaxBufferedBytes": "many" }""", "The setting MaxBufferedBytes has to be a whole number, 0 or more.")]
    [InlineData("""{ "Key": "acme_key_1", "Secret": "acme_secret_0123456789abcdef", "Responses": { "MaxBytes": "many" } }""", "The setting Responses:MaxBytes has to be a whole number, 0 or more.")]
    [InlineData("""{ "Key": "acme_key_1", "Secret": "acme_secret_0123456789abcdef", "Components": ["@nope"] }""", "@nope")]
    [InlineData("""{ "Key": "acme_key_1", "Secret": "acme_secret_0123456789abcdef", "Lifetime": "-00:01:00" }""", "Lifetime")]
    public async Task A_mistake_stops_the_start_with_its_name_and_without_the_secret(string json, string told)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddHttpClient("orders").AddMessageSigning(new LiveConfiguration(json).Root);
        using IHost host = builder.Build();

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancelled));

        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_in_a_section_is_told_with_the_path_and_the_variable_that_set_it()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        IConfigurationSection section = builder.Configuration.GetSection("Apis:Ordres");
        builder.Services.AddHttpClient("signed").AddMessageSigning(section);
        builder.Services.AddHttpClient("tokens", client => client.BaseAddress = new Uri("https://api.example")).AddAccessToken(section);
        builder.Services.AddHttpClient("static", client => client.BaseAddress = new Uri("https://api.example")).AddApiToken(section);
        using IHost host = builder.Build();

        string refused = (await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(Cancelled))).ToString();

        foreach (string subject in (string[])["Message signing of the client \"signed\"", "The access token of the client \"tokens\""])
        {
            Assert.Contains($"{subject} has no Key. Set Apis:Ordres:Key in the configuration", refused, StringComparison.Ordinal);
            Assert.Contains($"{subject} has no Secret. Take Apis:Ordres:Secret from user secrets, the environment (Apis__Ordres__Secret)", refused, StringComparison.Ordinal);
        }

        Assert.Contains("The ApiToken of the client \"static\" is not set. Take Apis:Ordres:Token from user secrets, the environment (Apis__Ordres__Token)", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://api.example/", false, false)]
    [InlineData("http://api.example/", true, true)]
    [InlineData("https://api.example/", false, true)]
    [InlineData("http://localhost:5000/", false, true)]
    [InlineData(null, false, true)]
    [InlineData("https+http://orders/", false, true)]
    public async Task A_base_address_in_plain_http_stops_the_start_unless_it_is_allowed(string? address, bool allowed, bool starts)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddHttpClient("orders")
            .AddMessageSigning(options => (options.Key, options.Secret, options.AllowPlainHttp) = (KeyId, Secret, allowed))
            .ConfigureHttpClient(client => client.BaseAddress = address is null ? null : new Uri(address));
        using IHost host = builder.Build();

        Exception? refused = await Record.ExceptionAsync(() => host.StartAsync(Cancelled));

        Assert.Equal(starts, refused is null);
        Assert.Equal(starts, refused?.Message.Contains("\"orders\"", StringComparison.Ordinal) != true);
    }

    [Fact]
    public async Task Options_may_come_from_a_service()
    {
        IHttpClientBuilder builder = Orders().AddMessageSigning();
        builder.Services.AddSingleton(new Vault(Secret));
        builder.Services.AddOptions<MessageSigningOptions>("orders").Configure<Vault>((options, vault) => (options.Key, options.Secret) = (KeyId, vault.Secret));

        await GetAsync(builder);

        Assert.Equal(SignatureStatus.Verified, Verify(Server.Requests[^1]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_redirect_is_returned_to_the_caller(bool ownPrimaryHandler)
    {
        Server.Answer = (_, _) => "HTTP/1.1 302 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
        IHttpClientBuilder builder = Orders().AddMessageSigning(KeyId, Secret);
        if (ownPrimaryHandler)
        {
            builder.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler());
        }

        HttpStatusCode status = await GetAsync(builder);

        Assert.Equal(HttpStatusCode.Found, status);
        Assert.Single(Server.Requests);
    }

    [Fact]
    public async Task What_was_learnt_outlives_the_handlers_of_a_client()
    {
        IHttpClientBuilder builder = Orders().AddMessageSigning(KeyId, Secret);
        Server.Answer = (_, before) => before == 0 ? RawServer.Refuse("too_old", $"Date: {Time.GetUtcNow().AddMinutes(10):R}\r\n") : RawServer.Ok;
        await using ServiceProvider services = builder.Services.BuildServiceProvider();
        await GetAsync(services, "orders");

        // As the client factory builds one when the first has come of age.
        HttpMessageHandlerBuilder later = services.GetRequiredService<HttpMessageHandlerBuilder>();
        later.Name = "orders";
        services.GetServices<IHttpMessageHandlerBuilderFilter>().First().Configure(static _ => { })(later);
        using var client = new HttpMessageInvoker(later.Build());
        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server.Address), Cancelled);

        Assert.Equal(3, Server.Requests.Length);
        long created = Time.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds();
        Assert.Contains($";created={created};", Server.Requests[2]["signature-input"], StringComparison.Ordinal);
    }

    private IHttpClientBuilder Orders()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        return services.AddHttpClient("orders", client => client.BaseAddress = Server.Address);
    }

    private static async Task<HttpStatusCode> GetAsync(IHttpClientBuilder builder, string name = "orders")
    {
        await using ServiceProvider services = builder.Services.BuildServiceProvider();
        return await GetAsync(services, name);
    }

    private static async Task<HttpStatusCode> GetAsync(ServiceProvider services, string name)
    {
        using HttpResponseMessage response = await services.GetRequiredService<IHttpClientFactory>().CreateClient(name).GetAsync("/a?b=c", Cancelled);
        return response.StatusCode;
    }

    private sealed record Vault(string Secret);

    private sealed class LoggersBehindEverybody : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.AdditionalHandlers.Add(new RelayHandler(RelayHandler.Enumerate));
        };
    }
}
