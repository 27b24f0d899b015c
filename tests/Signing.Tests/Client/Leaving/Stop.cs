namespace Signing.Tests.Client.Leaving;

/// <summary>A place where somebody waits until a test lets it go on, or until it is cancelled.</summary>
internal sealed class Stop
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Arrived => _arrived.Task;

    public void Release() => _released.TrySetResult();

    public Task PassAsync(CancellationToken cancellationToken)
    {
        _arrived.TrySetResult();
        return _released.Task.WaitAsync(cancellationToken);
    }

    public void Pass(CancellationToken cancellationToken) => PassAsync(cancellationToken).GetAwaiter().GetResult();
}
