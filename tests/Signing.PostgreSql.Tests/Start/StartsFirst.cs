using Microsoft.Extensions.Hosting;

namespace Signing.PostgreSql.Tests.Start;

/// <summary>A part of a host that begins as early as parts can, and asks then which steps of the migrations are missing.</summary>
internal sealed class StartsFirst(Func<Task<IReadOnlyList<int>>> ask) : IHostedLifecycleService
{
    public IReadOnlyList<int>? Missing { get; private set; }

    public async Task StartingAsync(CancellationToken cancellationToken) => Missing = await ask();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
