using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Client.Tokens;

/// <summary><c>AddAccessToken</c> and <c>AddApiToken</c>: whence they take their options, and what they refuse at start.</summary>
public sealed class TokenRegistrationTests : TokenTestBase
{
    private const string Valid = $$"""{ "Key": "{{KeyId}}", "Secret": "{{Secret}}" }""";

    [Fact]
    public async Task A_key_and_a_secret_are_enough()
    {
        ServiceProvider services = Build(orders => orders.Services.AddHttpClient("billing", client => client.BaseAddress = Server.Address).AddAccessToken("billing_key", Secret));

        Assert.Equal(200, await StatusOfAsync(ClientOf(services, "billing")));
        Assert.Contains("keyid=\"billing_key\"", Server.TokenRequests.Single()["signature-input"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_setting_can_come_from_configuration()
    {
        Server.Header = ("auth", "Token ");
        var configuration = new LiveConfiguration($$"""
            {
              "Key": "{{KeyId}}", "Secret": "{{Secret}}", "Login": "clientSecretPost", "SharingKey": "sharing-1", "Scopes": ["b", "a"], "AllowPlainHttp": "true",
              "Endpoints": { "Login": "/1", "Refresh": "/2", "Token": "{{Server.Address}}auth/t", "Revoke": "" },
              "Header": { "Name": "auth", "Scheme": "Token", "Origins": ["{{Server.Address.GetLeftPart(UriPartial.Authority)}}"] }
            }
            """);
        ServiceProvider services = Build(orders => orders.AddAccessToken(configuration.Root));

        Assert.Equal(200, await StatusOfAsync(ClientOf(services)));

        Assert.Equal("/auth/t", Server.TokenRequests.Single().Target);
        Assert.Equal($"grant_type=client_credentials&sharing_key=sharing-1&scope=a+b&client_id={KeyId}&client_secret={Secret}", Server.TokenRequests.Single().Text);
        Assert.Equal("Token access-1", Server.ApiRequests.Single()["auth"]);
        AccessTokenOptions options = services.GetRequiredService<IOptionsMonitor<AccessTokenOptions>>().Get("orders");
        Assert.Equal((null, true, "/1", "/2"), (options.Endpoints.Revoke, options.AllowPlainHttp, options.Endpoints.Login.ToString(), options.Endpoints.Refresh.ToString()));
        Assert.DoesNotContain(Secret, options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_endpoint_that_revokes_is_the_one_that_the_section_says()
    {
        ServiceProvider services = Build(orders => orders.AddAccessToken(new LiveConfiguration($$"""{{Valid[..^1]}}, "Endpoints": { "Revoke": "/auth/stop" } }""").Root));

        Assert.Equal("/auth/stop", services.GetRequiredService<IOptionsMonitor<AccessTokenOptions>>().Get("orders").Endpoints.Revoke?.ToString());
    }

    [Fact]
    public async Task A_reload_takes_effect_and_a_broken_one_keeps_the_last_good_options()
    {
        string Settings(string key, string secret, string login) => $$"""
            { "Key": "{{key}}", "Secret": "{{secret}}", "Endpoints": { "Login": "{{login}}", "Refresh": "{{Server.Address}}auth/refresh", "Revoke": "" } }
            """;
        string right = $"{Server.Address}auth/login";
        var configuration = new LiveConfiguration(Settings(KeyId, Secret, right));
        ServiceProvider services = Build(orders => orders.Services.ConfigureHttpClientDefaults(all => all.AddAccessToken(configuration.Root)).AddHttpClient("billing", client => client.BaseAddress = Server.Address));
        HttpClient client = ClientOf(services, "billing");
        string KeyOfLast() => Server.TokenRequests[^1]["signature-input"].Split("keyid=\"")[1].Split('"')[0];

        await StatusOfAsync(client);
        Assert.Equal(KeyId, KeyOfLast());
        configuration.Replace(Settings("new_key", Secret, right));
        await StatusOfAsync(client);
        Assert.Equal("new_key", KeyOfLast());

        foreach (string broken in (string[])[Settings("newer_key", "short", right), Settings("newer_key", Secret, "http://api.example/login"), Settings("newer_key", Secret, "/auth/login"), Settings("newer_key", Secret, right).Replace("Revoke", "Revok", StringComparison.Ordinal), Settings("newer_key", Secret, right).Replace("Endpoints", "Endpoint", StringComparison.Ordinal)])
        {
            configuration.Replace(broken);
            await StatusOfAsync(client);
            Assert.Equal(200, await StatusOfAsync(client));
            Assert.Equal("new_key", KeyOfLast());
        }

        Assert.Equal(5, Log.Lines.Count(line => line.Text.StartsWith("The reloaded token options are invalid", StringComparison.Ordinal)));
        configuration.Replace(Settings("newest_key", Secret, right));
        await StatusOfAsync(client);
        Assert.Equal(("newest_key", 3), (KeyOfLast(), Server.Logins));
    }

    [Theory]
    [InlineData("""{ "Secret": "acme_secret_0123456789abcdef" }""", "has no Key")]
    [InlineData("""{ "Key": "acme_key_1" }""", "has no Secret")]
    [InlineData("""{ "Key": "acme_key_1", "Secret": "0123456789" }""", "16 bytes")]
    [InlineData("""{ "Login": "magic" }""", "The setting Login has to be one of Signature, ClientSecretJson, ClientSecretBasic, ClientSecretPost.")]
    [InlineData("""{ "Login": "7" }""", "none of LoginMethod")]
    [InlineData("""{ "SharingKey": "ä" }""", "SharingKey")]
    [InlineData("""{ "Scopes": ["a b"] }""", "Scopes")]
    [InlineData("""{ "Endpoints": { "Login": "auth/login" } }""", "The setting Endpoints:Login has to be an address, or a path that begins with a slash.")]
    [InlineData("""{ "Endpoints": { "Login": "http://api.example/login" } }""", "cannot use its endpoint Login.")]
    [InlineData("""{ "Endpoints": { "Refresh": "ftp://api.example/refresh" } }""", "cannot use its endpoint Refresh.")]
    [InlineData("""{ "Endpoints": { "Logn": "/auth/login" } }""", "The setting Endpoints:Logn is not known; known are Login, Refresh, Token, Revoke.")]
    [InlineData("""{ "Header": { "Value": "auth" } }""", "The setting Header:Value is not known; known are Name, Scheme, Origins.")]
    [InlineData("""{ "Logn": "ClientSecretJson" }""", "The setting Logn is not known; Login is.")]
    [InlineData("""{ "lgoin": "ClientSecretJson" }""", "The setting lgoin is not known; Login is.")]
    [InlineData("""{ "Secrt": "0123456789" }""", "The setting Secrt is not known; Secret is.")]
    [InlineData("""{ "Scope": "a" }""", "The setting Scope is not known; Scopes is.")]
    [InlineData("""{ "Headers": { "Name": "auth" } }""", "The setting Headers is not known; Header is.")]
    [InlineData("""{ "AllowHttp": "true", "SharedKey": "a", "SharngKey": "b" }""", "The setting SharngKey is not known; SharingKey is.")]
    [InlineData("""{ "Header": { "Name": "a b" } }""", "no name of a header")]
    [InlineData("""{ "Header": { "Name": "content-digest" } }""", "another meaning")]
    [InlineData("""{ "Header": { "Name": "Content-Type" } }""", "another meaning")]
    [InlineData("""{ "Header": { "Scheme": "a b" } }""", "scheme that is not one word")]
    [InlineData("""{ "Header": { "Origins": ["api.example"] } }""", "an origin that is not of the form")]
    [InlineData("""{ "Header": { "Origins": ["https://api.example/v1"] } }""", "an origin that is not of the form")]
    [InlineData("""{ "Header": { "Origins": ["https://ann@api.example"] } }""", "an origin that is not of the form")]
    [InlineData("""{ "Header": { "Origins": ["http://api.example"] } }""", "an origin that cannot be used")]
    public async Task A_mistake_stops_the_start_with_its_name_and_without_the_secret(string json, string told)
    {
        Exception? refused = await StartAsync(services => services.AddHttpClient("orders", client => client.BaseAddress = new Uri("https://api.example"))
            .AddAccessToken(new LiveConfiguration(json.Contains("\"Key\"", StringComparison.Ordinal) || json.Contains("\"Secret\"", StringComparison.Ordinal) ? json : $"{Valid[..^1]}, {json[1..]}").Root));

        Assert.Contains(told, Assert.IsType<OptionsValidationException>(refused).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false, "The access token of the client \"orders\" has no absolute address of its endpoints Login, Refresh, Revoke. Set the whole address, or the BaseAddress of the client, which counts unless this is set for all clients.")]
    [InlineData("http://api.example/", false, "The access token of the client \"orders\" cannot use its endpoints Login, Refresh, Revoke. Tokens go over https, and http://api.example does not. Use https, or set AccessTokenOptions.AllowPlainHttp if nobody else can read that network.")]
    [InlineData("https+http://orders/", true, "The access token of the client \"orders\" cannot use its endpoints Login, Refresh, Revoke. Tokens go over https, and https+http://orders does not. Use https.")]
    [InlineData("http://api.example/", true, null)]
    [InlineData("https://api.example/", false, null)]
    [InlineData("http://localhost:5000/", false, null)]
    public async Task Tokens_go_over_https_unless_it_is_this_machine_or_an_option_says_otherwise(string? address, bool allowed, string? told)
    {
        Exception? refused = await StartAsync(services => services.AddHttpClient("orders", client => client.BaseAddress = address is null ? null : new Uri(address))
            .AddAccessToken(options => (options.Key, options.Secret, options.AllowPlainHttp) = (KeyId, Secret, allowed)));

        // Once, however many endpoints there are.
        Assert.Equal(told, refused?.Message);
    }

    [Fact]
    public async Task An_ApiToken_in_plain_http_names_its_own_option()
    {
        Exception? refused = await StartAsync(services => services.AddHttpClient("orders", client => client.BaseAddress = new Uri("http://api.example")).AddApiToken("static-1"));

        Assert.Equal("The ApiToken of the client \"orders\" would be sent to the base address, which cannot be used. Tokens go over https, and http://api.example does not. Use https, or set ApiTokenOptions.AllowPlainHttp if nobody else can read that network.", refused?.Message);
        Assert.Null(await StartAsync(services => services.AddHttpClient("orders", client => client.BaseAddress = new Uri("http://api.example"))
            .AddApiToken(options => (options.Token, options.Header.Origins) = ("static-1", ["https://other.example"]))));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(", \"AllowPlainHttp\": \"false\"", false)]
    [InlineData(", \"AllowPlainHttp\": \"true\"", true)]
    public async Task A_section_of_an_ApiToken_allows_plain_http_where_it_says_so_and_not_otherwise(string setting, bool starts)
    {
        var configuration = new LiveConfiguration($$"""{ "Token": "static-1"{{setting}} }""");

        Assert.Equal(starts, await StartAsync(services => services.AddHttpClient("orders", client => client.BaseAddress = new Uri("http://api.example")).AddApiToken(configuration.Root)) is null);
    }

    [Fact]
    public void Options_out_of_their_range_make_no_source_and_no_handler_and_those_at_its_end_do()
    {
        (string Told, Action<AccessTokenOptions> Change)[] wrong =
        [
            ("has no Key", options => options.Key = ""),
            ("has a Key that is not", options => options.Key = new string('k', SignatureLimits.MaxKeyIdLength + 1)),
            ("has a Key that is not", options => options.Key = "schlüssel"),
            ("fewer than 16 bytes", options => options.Secret = "0123456789abcde"),
            ("white space", options => options.Secret += " "),
            ("in the place of its Key", options => (options.Key, options.Secret) = ("acme_secret_live_0123456789abcdefghijklmnopqrstuvwxyz01234561iOZ5g", "acme_key_live_0123456789abcdefghijkl")),
            ("same text as Key", options => options.Secret = options.Key = "0123456789abcdef"),
            ("none of LoginMethod", options => options.Login = (LoginMethod)(-1)),
            ("lacks one of the Endpoints", options => options.Endpoints = null!),
            ("lacks one of the Endpoints", options => options.Endpoints.Login = null!),
            ("lacks one of the Endpoints", options => options.Endpoints.Refresh = null!),
            ("lacks one of the Endpoints", options => options.Endpoints.Token = null!),
            ("SharingKey", options => options.SharingKey = new string('s', 513)),
            ("Scopes", options => options.Scopes = null!),
            ("Scopes", options => options.Scopes = [""]),
            ("Scopes", options => options.Scopes = ["a\"b"]),
            ("Scopes", options => options.Scopes = ["a\\b"]),
            ("Scopes", options => options.Scopes = [new string('s', 1000), new string('t', 1047)]),
            ("has no Header", options => options.Header = null!),
            ("has no Header", options => options.Header.Origins = null!),
            ("no name of a header", options => options.Header.Name = ""),
            ("another meaning", options => options.Header.Name = "host"),
            ("another meaning", options => options.Header.Name = "Cookie"),
            ("another meaning", options => options.Header.Name = "Signature"),
            ("another meaning", options => options.Header.Name = "signature-input"),
        ];

        foreach ((string told, Action<AccessTokenOptions> change) in wrong)
        {
            Assert.Contains(told, Assert.Throws<OptionsValidationException>(() => new AccessTokenSource(OptionsWith(change))).Message, StringComparison.Ordinal);
        }

        using AccessTokenSource longest = new(OptionsWith(options =>
        {
            (options.Key, options.Secret) = (new string('k', SignatureLimits.MaxKeyIdLength), "0123456789abcdef");
            (options.SharingKey, options.Scopes) = (new string('s', 512), [new string('s', 1000), new string('t', 1046)]);
        }));
        using AccessTokenSource shortest = new(OptionsWith(options => (options.Secret, options.Login, options.SharingKey) = ("s", LoginMethod.ClientSecretJson, "")));
        ApiTokenOptions none = new() { Header = { Origins = ["https://api.example"] } };
        Assert.Contains("is not set", Assert.Throws<OptionsValidationException>(() => new ApiTokenHandler(none)).Message, StringComparison.Ordinal);
        (none.Token, none.Header.Name) = ("static", "a b");
        Assert.Contains("no name of a header", Assert.Throws<OptionsValidationException>(() => new ApiTokenHandler(none)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_set_for_all_clients_has_no_base_address_though_the_client_has_one_and_another_token_of_its_own()
    {
        Exception? access = await StartAsync(services =>
        {
            services.ConfigureHttpClientDefaults(all => all.AddAccessToken(KeyId, Secret));
            services.AddHttpClient("orders", client => client.BaseAddress = new Uri("https://api.example")).AddApiToken(options => (options.Token, options.Header.Name) = ("static", "X-Api-Token"));
        });
        Exception? api = await StartAsync(services =>
        {
            services.ConfigureHttpClientDefaults(all => all.AddApiToken(options => (options.Token, options.Header.Name) = ("static", "X-Api-Token")));
            services.AddHttpClient("orders", client => client.BaseAddress = new Uri("https://api.example")).AddAccessToken(KeyId, Secret);
        });

        Assert.Contains("has no absolute address of its endpoints", access?.Message, StringComparison.Ordinal);
        Assert.Contains("has no origin it is meant for", api?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_section_may_be_shared_with_signing_and_hold_settings_of_the_hosts_own()
    {
        var configuration = new LiveConfiguration($$"""
            { "Orders": {
              "Address": "https://api.example", "Endpoint": "https://api.example", "Logging": { "Default": "Debug" }, "Name": "a", "Host": "b", "Timeout": "5",
              "Tags": ["a"], "Labels": { "a": "b" }, "Keys": ["a"], "Secrets": { "a": "b" }, "Token": "static-1",
              "Key": "{{KeyId}}", "SECRET": "{{Secret}}", "Login": "Signature", "Tag": "orders", "Digest": "Sha512", "Header": { "name": "auth" }
            } }
            """);
        IConfigurationSection section = configuration.Root.GetSection("Orders");

        Assert.Null(await StartAsync(services => services.AddHttpClient("orders", client => client.BaseAddress = new Uri(section["Address"]!)).AddAccessToken(section).AddMessageSigning(section)));
    }

    [Fact]
    public async Task A_slip_in_the_section_of_an_ApiToken_is_told_with_its_path()
    {
        var configuration = new LiveConfiguration("""{ "Prices": { "Tokn": "static-1" } }""");

        Exception? refused = await StartAsync(services => services.AddHttpClient("prices", client => client.BaseAddress = new Uri("https://api.example")).AddApiToken(configuration.Root.GetSection("Prices")));

        Assert.Equal("The setting Prices:Tokn is not known; Token is. Rename it, or take it out of the section.", Assert.IsType<OptionsValidationException>(refused).Message);
    }

    [Fact]
    public async Task An_access_token_and_an_ApiToken_cannot_share_a_header()
    {
        Exception? refused = await StartAsync(services => services.AddHttpClient("orders", client => client.BaseAddress = new Uri("https://api.example")).AddAccessToken(KeyId, Secret).AddApiToken("static"));

        Assert.Contains("for the same header", refused?.Message, StringComparison.Ordinal);
        Assert.Null(await StartAsync(services => services.AddHttpClient("orders", client => client.BaseAddress = new Uri("https://api.example"))
            .AddAccessToken(KeyId, Secret).AddApiToken(options => (options.Token, options.Header.Name) = ("static", "X-Api-Token"))));
    }

    [Fact]
    public async Task An_ApiToken_is_sent_to_its_origin_and_its_401_is_the_answer()
    {
        await using TokenServer other = await TokenServer.StartAsync();
        Server.Accepted = "static-1";
        var configuration = new LiveConfiguration("""{ "Token": "static-1" }""");
        ServiceProvider services = Build(orders => orders.Services.AddHttpClient("static", client => client.BaseAddress = Server.Address).AddApiToken("earlier").AddApiToken(configuration.Root));
        HttpClient client = ClientOf(services, "static");

        Assert.Equal(200, await StatusOfAsync(client));
        using HttpResponseMessage elsewhere = await client.GetAsync(other.Address, Cancelled);
        using HttpResponseMessage sync = client.Send(new HttpRequestMessage(HttpMethod.Get, "/"), Cancelled);
        configuration.Replace("""{ "Token": "static-2" }""");
        Assert.Equal(401, await StatusOfAsync(client));

        Assert.Empty(other.ApiRequests.Single().Lines("authorization"));
        Assert.Equal(["Bearer static-1", "Bearer static-1", "Bearer static-2"], Server.ApiRequests.Select(request => request["authorization"]));
        Assert.Equal(0, Server.TokenCalls);
    }

    [Theory]
    [InlineData("", "is not set")]
    [InlineData("a b", "visible ASCII")]
    [InlineData("a\r\nb", "visible ASCII")]
    public async Task An_ApiToken_that_cannot_be_sent_stops_the_start(string token, string told)
    {
        Exception? refused = await StartAsync(services => services.AddHttpClient("orders", client => client.BaseAddress = new Uri("https://api.example")).AddApiToken(token));

        Assert.Contains(told, refused?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_dependency_injection_an_ApiToken_needs_its_origins()
    {
        var options = new ApiTokenOptions { Token = "static-1" };
        Assert.Throws<OptionsValidationException>(() => new ApiTokenHandler(options));
        options.Header.Origins.Add(Server.Address.GetLeftPart(UriPartial.Authority));
        Server.Accepted = "static-1";
        using var client = new HttpClient(new ApiTokenHandler(options));

        using HttpResponseMessage response = await client.GetAsync(Server.Address, Cancelled);

        Assert.Equal(200, (int)response.StatusCode);
    }

    private static AccessTokenOptions OptionsWith(Action<AccessTokenOptions> change)
    {
        var api = new Uri("https://api.example");
        var options = new AccessTokenOptions { Key = KeyId, Secret = Secret };
        options.Endpoints = new AccessTokenEndpoints { Login = new Uri(api, "/auth/login"), Refresh = new Uri(api, "/auth/refresh"), Revoke = null };
        change(options);
        return options;
    }

    private static async Task<Exception?> StartAsync(Action<IServiceCollection> add)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        add(builder.Services);
        using IHost host = builder.Build();
        return await Record.ExceptionAsync(() => host.StartAsync(Cancelled));
    }
}
