using Microsoft.Extensions.Hosting;

namespace Signing.AspNetCore;

/// <summary>Has the file open before the first request, and closed after the last one, so that the next process can have it.</summary>
internal sealed class CredentialFileStart(FileCredentialStore store, LastUseWriter uses) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // After every StopAsync, the server's among them; the last uses first, whichever of the two services comes first.
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await uses.WriteAsync(cancellationToken).ConfigureAwait(false);
        store.Dispose();
    }
}
