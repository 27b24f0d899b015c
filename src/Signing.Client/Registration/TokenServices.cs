using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Registers what clients that send tokens have in common.</summary>
internal static class TokenServices
{
    /// <param name="services">The services.</param>
    /// <param name="client">The client; <see langword="null"/> for all clients, whose names are not known at start.</param>
    public static void AddTo(IServiceCollection services, string? client)
    {
        if (!services.Any(static service => service.ServiceType == typeof(TokenSlots)))
        {
            services.AddSingleton(CreateSlots);
            services.AddSingleton<IPostConfigureOptions<MessageSigningOptions>, CoverTokenHeader>();
            services.AddSingleton<IValidateOptions<AccessTokenOptions>, AccessTokenValidation>();
            services.AddSingleton<IValidateOptions<ApiTokenOptions>, ApiTokenValidation>();
            services.AddSingleton<IValidateOptions<TokenAddressRule.Subject>, TokenAddressRule>();
            AddBackchannel(services);

            // Last of all, whatever is set for all clients: the Secret may travel in a header here.
            services.PostConfigure<HttpClientFactoryOptions>(AccessTokenOptions.BackchannelName, static options => options.ShouldRedactHeaderValue = static _ => true);
        }

        InnermostHandlers.AddTo(services);
        if (client is not null)
        {
            services.AddOptions<TokenAddressRule.Subject>(client).ValidateOnStart();
        }
    }

    public static AccessTokenSource CreateSource(IServiceProvider services, object? key)
    {
        string name = (string)key!;
        var options = services.GetRequiredService<CurrentOptions<AccessTokenOptions>>();
        return new AccessTokenSource(
            name,
            options.Of(name),
            BaseAddressOf(services, name, static registration => registration.IsNamedForAccessToken),
            services.GetRequiredService<TokenSlots>(),
            services.GetRequiredService<ClientStates>().Get(name).Cover);
    }

    public static Compiled<ApiTokenOptions, ApiTokenPlan> CreatePlan(IServiceProvider services, object? key)
    {
        string name = (string)key!;
        var options = services.GetRequiredService<CurrentOptions<ApiTokenOptions>>();
        Func<Uri?> baseAddress = BaseAddressOf(services, name, static registration => registration.IsNamedForApiToken);
        ClientState signer = services.GetRequiredService<ClientStates>().Get(name);
        ILogger log = services.GetService<ILogger<ApiTokenHandler>>() ?? NullLogger<ApiTokenHandler>.Instance;
        return new(
            options.Of(name),
            now =>
            {
                var plan = new ApiTokenPlan(now.Token, TokenAddresses.HeaderOf(now, baseAddress(), log));
                signer.Cover(plan.Header.Name);
                return plan;
            },
            (_, invalid) => log.TokenReloadRefused(name, invalid));
    }

    private static void AddBackchannel(IServiceCollection services)
    {
        // What stands before the factory itself stands before what is set for all clients as well, whenever that is set.
        ServiceDescriptor? hosts = services.SkipWhile(static service => service.ServiceType != typeof(IHttpClientFactory)).FirstOrDefault(static service =>
            !service.IsKeyedService && service.ImplementationInstance is ConfigureNamedOptions<HttpClientFactoryOptions> { Name: AccessTokenOptions.BackchannelName });
        IHttpClientBuilder backchannel = services.AddHttpClient(AccessTokenOptions.BackchannelName);
        int first = services.Count;

        // A logger of all clients may write contents down, and here they are Secrets and tokens; that of the framework writes none.
        backchannel.ConfigurePrimaryHttpMessageHandler(static () => OwnConnection.Create(keepsCookies: false)).RemoveAllLoggers().AddDefaultLogger();
        if (hosts is not null)
        {
            // The host has set its own already: the last one wins, so ours goes before.
            ServiceDescriptor[] ours = [.. services.Skip(first)];
            foreach (ServiceDescriptor one in ours)
            {
                services.RemoveAt(services.Count - 1);
                services.Insert(services.IndexOf(hosts), one);
            }
        }
    }

    private static Func<Uri?> BaseAddressOf(IServiceProvider services, string name, Func<TokenRegistration, bool> isNamed)
    {
        // What is set for all clients must not give the token, or the login, to whomever one of them talks to.
        var clients = services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>();
        bool counts = isNamed(services.GetRequiredService<IOptionsMonitor<TokenRegistration>>().Get(name));
        return () => counts ? BaseAddresses.Of(clients.Get(name)) : null;
    }

    private static TokenSlots CreateSlots(IServiceProvider services)
    {
        var clients = services.GetRequiredService<IHttpClientFactory>();
        return new TokenSlots(TokenEnvironment.Create(
            () => clients.CreateClient(AccessTokenOptions.BackchannelName),
            services.GetService<AccessTokenStore>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetService<ILogger<AccessTokenSource>>() ?? NullLogger<AccessTokenSource>.Instance));
    }
}
