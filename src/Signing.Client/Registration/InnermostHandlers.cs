using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Puts the signer around the primary handler of each client that signs, and the handlers of tokens around the signer: below every additional handler.</summary>
/// <remarks>
/// Additional handlers are lined up by the order of the calls, and loggers are added behind the last of them. The primary
/// handler is the one place that none of them can get behind. As the first filter this one finishes last, when nothing
/// replaces that handler any more.
/// </remarks>
internal sealed class InnermostHandlers(
    IOptionsMonitor<SigningRegistration> signing,
    IOptionsMonitor<TokenRegistration> tokens,
    ClientStates states,
    IServiceProvider services) : IHttpMessageHandlerBuilderFilter
{
    public static void AddTo(IServiceCollection services)
    {
        services.TryAddSingleton<ClientStates>();
        services.TryAddSingleton(typeof(CurrentOptions<>));
        if (!services.Any(static service => service.ImplementationType == typeof(InnermostHandlers)))
        {
            // First of the filters, so that it finishes last.
            services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, InnermostHandlers>());
        }
    }

    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        string name = builder.Name ?? Options.DefaultName;
        builder.PrimaryHandler = name == AccessTokenOptions.BackchannelName
            ? new BackchannelHandler(builder.PrimaryHandler)
            : Wrap(name, builder.PrimaryHandler);
    };

    // What is set for all clients is not for the one that fetches their tokens: it would wait for itself.
    private HttpMessageHandler Wrap(string name, HttpMessageHandler handler)
    {
        if (signing.Get(name).Signs)
        {
            handler = new MessageSigningHandler(states.Get(name), handler);
        }

        TokenRegistration registration = tokens.Get(name);
        if (registration.SendsApiToken)
        {
            handler = new ApiTokenHandler(services.GetRequiredKeyedService<Compiled<ApiTokenOptions, ApiTokenPlan>>(name), handler);
        }

        return registration.SendsAccessToken
            ? new AccessTokenHandler(services.GetRequiredKeyedService<AccessTokenSource>(name), handler)
            : handler;
    }
}
