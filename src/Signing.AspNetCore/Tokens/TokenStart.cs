using Microsoft.Extensions.Hosting;

namespace Signing.AspNetCore;

/// <summary>Opens the store of grants and the master key when the host starts: what cannot work stops it, with the reason.</summary>
internal sealed class TokenStart(KeyRingProtection protection, TokenKeys keys) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // First, so that nothing is sealed with a key ring that will be refused.
        protection.Check();
        await keys.LoadAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
