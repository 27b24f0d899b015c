using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Reads options for the sake of others: if they are invalid, their own validation says so, and once is enough.</summary>
internal static class ValidOptions
{
    public static TOptions? TryGet<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(IOptionsMonitor<TOptions> options, string? name)
        where TOptions : class
    {
        try
        {
            return options.Get(name);
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }
}
