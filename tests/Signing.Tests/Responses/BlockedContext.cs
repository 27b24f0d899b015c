namespace Signing.Tests.Responses;

/// <summary>The thread of a page that waits: what is left for it is never done.</summary>
internal sealed class BlockedContext : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state)
    {
    }
}
