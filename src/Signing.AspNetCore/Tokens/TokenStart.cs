using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Signing.AspNetCore;

/// <summary>Opens the store of grants and the master key when the host starts: what cannot work stops it, with the reason.</summary>
internal sealed class TokenStart(KeyRingProtection protection, IOptions<TokenOptions> options, TokenKeys keys, ILoggerFactory loggers) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // First, so that nothing is sealed with a key ring that will be refused.
        protection.Require(options.Value.AllowUnprotectedKeyRing, loggers.CreateLogger(SignatureDefaults.TelemetryName).KeyRingUnprotected, Refusal);
        await keys.LoadAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static TokenStartException Refusal() => new(
        TokenStartFault.UnprotectedKeyRing,
        "The Data Protection key ring that seals the master key of the tokens is not encrypted, and the host runs outside Development. Call AddDataProtection() with one of the "
        + "ProtectKeysWith… methods, or set TokenOptions.AllowUnprotectedKeyRing if the ring's storage is protected otherwise. A ring written before must be encrypted too.");
}
