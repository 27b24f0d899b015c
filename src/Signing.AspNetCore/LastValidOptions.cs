using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Makes the options of schemes, and in place of those that a reload has made invalid or unreadable gives the last valid ones.</summary>
/// <remarks>What is wrong from the beginning is thrown, and stops the start.</remarks>
internal sealed class LastValidOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
    IEnumerable<IConfigureOptions<TOptions>> setups, IEnumerable<IPostConfigureOptions<TOptions>> postConfigures, IEnumerable<IValidateOptions<TOptions>> validations,
    ILoggerFactory loggers) : IOptionsFactory<TOptions>
    where TOptions : class
{
    private readonly OptionsFactory<TOptions> _options = new(setups, postConfigures, validations);
    private readonly ConcurrentDictionary<string, TOptions> _valid = new(StringComparer.Ordinal);

    public TOptions Create(string name)
    {
        if (_valid.IsEmpty)
        {
            UnnamedOptions.ThrowIfAny(name, setups, postConfigures);
        }

        try
        {
            return _valid[name] = _options.Create(name);
        }
        catch (Exception exception) when (_valid.TryGetValue(name, out TOptions? valid))
        {
            // Whatever it was that a source of configuration or the host's own code has thrown: to throw it here would fail every request.
            Log.OptionsNotReloaded(loggers.CreateLogger(SignatureDefaults.TelemetryName), name, exception);
            return valid;
        }
    }
}
