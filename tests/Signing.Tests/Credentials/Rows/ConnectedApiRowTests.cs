using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials.Rows;

/// <summary>The rows about what a Key may be seen in, what an application may call, and where a program has its Secret from.</summary>
public sealed class ConnectedApiRowTests
{
    private const string EnvironmentPrefix = "SIGNING_ROW_P21_";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task E10_The_Key_stands_in_the_request_the_claims_the_log_and_the_introspection()
    {
        await using TokenApi api = await TokenApi.StartAsync();
        RequestDraft draft = api.Host.Draft("GET", "/signature");

        RawAnswer answer = await api.Host.SendAsync(draft);
        (string access, _) = await api.LogInAsync();
        RawAnswer introspection = await api.FormAsync("/auth/introspect", $"token={access}", ("Authorization", TokenApi.Basic(ApiHost.Key, ApiHost.Secret)));

        Assert.Contains($"keyid=\"{ApiHost.Key}\"", System.Text.Encoding.ASCII.GetString(draft.ToHttp1()), StringComparison.Ordinal);
        Assert.Contains($"key_id={ApiHost.Key}", answer.Text, StringComparison.Ordinal);
        Assert.Contains(api.Host.Log.Lines, line => line.Text.Contains($"key {ApiHost.Key}.", StringComparison.Ordinal));
        Assert.Equal(ApiHost.Key, TokenApi.Member(introspection, "client_id"));
    }

    [Theory]
    [InlineData("Signature")]
    [InlineData("AccessToken")]
    [InlineData("ApiToken")]
    public async Task P9_An_endpoint_of_an_API_that_the_application_is_not_connected_to_is_a_403_for_each_of_its_credentials(string scheme)
    {
        var clock = new ManualTimeProvider();
        using var stored = new StoredCredentials(clock);
        await using TokenApi api = await StartAsync(stored, clock);
        ApplicationResult made = await stored.PairAsync(await stored.WorkspaceAsync(), "Web shop");
        SecretResult token = await stored.CreateAsync(new NewCredential { Kind = CredentialKind.ApiToken, Name = "Report", ApplicationId = made.Application!.Id });
        RawAnswer login = await api.JsonAsync("/auth/login", new { client_id = made.Credential!.Key, client_secret = made.Text });
        string? bearer = scheme switch { "AccessToken" => TokenApi.TokensOf(login).Access, "ApiToken" => token.Text, _ => null };

        RawAnswer before = await SendAsync("/orders");
        RawAnswer open = await SendAsync("/anything");
        await stored.Desk.EditAsync<ApplicationRecord>(
            made.Application.Id, null, application => application with { ConnectedApis = ["orders"] }, StoredCredentials.Operator, Cancellation);
        RawAnswer connected = await SendAsync("/orders");

        Assert.Equal((403, "api_not_connected"), (before.Status, before.Code));
        Assert.Contains("connected_api=\"orders\"", before["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Equal((200, 200), (open.Status, connected.Status));
        Assert.Equal(["orders"], api.Host.App.Services.GetRequiredService<ConnectedApiCatalogue>().Read().Select(listed => listed.Name));

        Task<RawAnswer> SendAsync(string target)
        {
            RequestDraft draft = api.Host.Draft("GET", target);
            draft.KeyId = made.Credential.Key!;
            draft.Secret = made.Text!;
            draft.Signed = bearer is null;
            return api.Host.SendAsync(bearer is null ? draft : draft.With("Authorization", $"Bearer {bearer}"));
        }
    }

    [Fact]
    public async Task P9_A_sharing_key_that_lists_an_API_no_longer_closes_it_on_the_next_request()
    {
        var clock = new ManualTimeProvider();
        using var stored = new StoredCredentials(clock);
        await using TokenApi api = await StartAsync(stored, clock);
        WorkspaceRecord grantor = await stored.WorkspaceAsync("Grantor");
        ApplicationResult made = await stored.PairAsync(await stored.WorkspaceAsync("Agency"), "Agency app");
        await stored.Desk.EditAsync<ApplicationRecord>(
            made.Application!.Id, null, application => application with { ConnectedApis = ["orders"] }, StoredCredentials.Operator, Cancellation);
        SharingKeyResult shared = await stored.Desk.CreateSharingKeyAsync(
            new NewSharingKey { GrantorWorkspaceId = grantor.Id, Name = "For the agency", Scopes = ["orders"] }, StoredCredentials.Operator, Cancellation);
        Canary.Watch(shared.Text!);
        string access = TokenApi.TokensOf(await api.JsonAsync(
            "/auth/login", new { client_id = made.Credential!.Key, client_secret = made.Text, sharing_key = shared.Text })).Access;

        RawAnswer before = await api.GetAsync(access, "/orders");
        await stored.Desk.EditAsync<SharingKeyRecord>(shared.SharingKey!.Id, null, key => key with { Scopes = ["billing"] }, StoredCredentials.Operator, Cancellation);
        RawAnswer after = await api.GetAsync(access, "/orders");

        Assert.Equal((200, 403, "api_not_connected"), (before.Status, after.Status, after.Code));
    }

    [Fact]
    public async Task P21_Server_and_client_take_the_Secret_from_environment_variables_as_from_any_configuration()
    {
        string secret = new CredentialFormat(CredentialFormat.UsualPrefix).CreateSecret("live");
        Canary.Watch(secret);
        Environment.SetEnvironmentVariable(EnvironmentPrefix + "Signing__Credentials__0__Key", "shop_key_1");
        Environment.SetEnvironmentVariable(EnvironmentPrefix + "Signing__Credentials__0__Secret", secret);
        Environment.SetEnvironmentVariable(EnvironmentPrefix + "Shop__Key", "shop_key_1");
        Environment.SetEnvironmentVariable(EnvironmentPrefix + "Shop__Secret", secret);
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            CredentialsFromConfiguration = true,
            Build = builder => builder.Configuration.AddEnvironmentVariables(EnvironmentPrefix),
        });
        IConfiguration configuration = new ConfigurationBuilder().AddEnvironmentVariables(EnvironmentPrefix).Build();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(host.Clock);
        services.AddHttpClient("shop", client => client.BaseAddress = new Uri($"http://{host.Authority}")).AddMessageSigning(configuration.GetSection("Shop"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        using HttpResponseMessage answer = await provider.GetRequiredService<IHttpClientFactory>().CreateClient("shop")
            .GetAsync(new Uri("/orders", UriKind.Relative), Cancellation);

        Assert.Equal("shop_key_1", Assert.Single(answer.Headers.GetValues("X-User")));
    }

    private static Task<TokenApi> StartAsync(StoredCredentials stored, ManualTimeProvider clock) => TokenApi.StartAsync(new TokenApiSettings
    {
        Clock = clock,
        Build = builder => stored.Register(builder.Services),
        Schemes = authentication => authentication.AddApiToken(),
        Map = app =>
        {
            RouteGroupBuilder all = app.MapGroup("").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = "Signature,AccessToken,ApiToken" });
            all.MapGet("/orders", () => "").RequireConnectedApi("orders");
            all.MapGet("/anything", () => "");
        },
    });
}
