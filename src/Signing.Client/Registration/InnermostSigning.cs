using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Puts the signer around the primary handler of each client that signs, and so below every additional handler.</summary>
/// <remarks>
/// Additional handlers are lined up by the order of the calls, and loggers are added behind the last of them. The primary
/// handler is the one place that none of them can get behind. As the first filter this one finishes last, when nothing
/// replaces that handler any more.
/// </remarks>
internal sealed class InnermostSigning(IOptionsMonitor<SigningRegistration> registrations, ClientStates states) : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        string name = builder.Name ?? Options.DefaultName;
        if (registrations.Get(name).Signs)
        {
            builder.PrimaryHandler = new MessageSigningHandler(states.Get(name), builder.PrimaryHandler);
        }
    };
}
