using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Marks a registered scheme that reads tokens, and says how it is built.</summary>
/// <param name="Name">The name of the scheme, and of its options.</param>
/// <param name="Open">Builds it from its options as they are now.</param>
/// <param name="Watch">Calls an action whenever its options are reloaded.</param>
internal sealed record TokenScheme(string Name, Func<IServiceProvider, TokenDoor> Open, Func<IServiceProvider, Action, IDisposable?> Watch) : RegisteredScheme(Name)
{
    public static TokenScheme Of<TOptions>(string name, Func<IServiceProvider, TOptions, TokenDoor> open)
        where TOptions : AuthenticationSchemeOptions, new() => new(
            name,
            services => open(services, services.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name)),
            static (services, reopen) => services.GetRequiredService<IOptionsMonitor<TOptions>>().OnChange(_ => reopen()));
}
