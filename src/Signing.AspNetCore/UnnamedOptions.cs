using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Refuses settings of schemes that were given without the name of one: the options of ASP.NET would apply them to none, and say nothing.</summary>
internal static class UnnamedOptions
{
    /// <exception cref="OptionsValidationException">There are such settings.</exception>
    public static void ThrowIfAny<TOptions>(string scheme, IEnumerable<IConfigureOptions<TOptions>> setups, IEnumerable<IPostConfigureOptions<TOptions>> postConfigures)
        where TOptions : class
    {
        if (setups.Any(IsUnnamed) || postConfigures.Any(static setup => setup is PostConfigureOptions<TOptions> { Name: "" }))
        {
            string type = typeof(TOptions).Name;
            throw new OptionsValidationException(scheme, typeof(TOptions),
            [
                $"{type} are configured without the name of a scheme, which would change no scheme at all. Name it, as in Configure<{type}>(\"{scheme}\", ...) and AddOptions<{type}>(\"{scheme}\"), or use ConfigureAll<{type}>(...) for every scheme.",
            ]);
        }
    }

    // The second is what BindConfiguration registers; whoever can only configure without a name is asked for options without one alone.
    private static bool IsUnnamed<TOptions>(IConfigureOptions<TOptions> setup)
        where TOptions : class
        => setup is ConfigureNamedOptions<TOptions> { Name: "" } or ConfigureNamedOptions<TOptions, IConfiguration> { Name: "" } or not IConfigureNamedOptions<TOptions>;
}
