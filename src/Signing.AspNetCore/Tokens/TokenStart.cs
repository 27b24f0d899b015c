using Microsoft.Extensions.Hosting;

namespace Signing.AspNetCore;

/// <summary>Opens the store of grants and the master key when the host starts: what cannot work stops it, with the reason.</summary>
internal sealed class TokenStart(KeyRingProtection protection, TokenKeys keys) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.LoadAsync(cancellationToken).ConfigureAwait(false);

        // After the master key was sealed: only then is it certain that the ring has a key to look at.
        protection.Check();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
