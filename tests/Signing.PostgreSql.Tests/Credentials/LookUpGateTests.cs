namespace Signing.PostgreSql.Tests.Credentials;

public sealed class LookUpGateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_gets_no_place_in_time_is_told_so_and_a_place_that_is_left_is_free()
    {
        var gate = new LookUpGate(places: 1, TimeSpan.FromMilliseconds(20));
        await gate.EnterAsync(Cancellation);
        Task late = gate.EnterAsync(Cancellation).AsTask();

        Assert.Same(late, await Task.WhenAny(late, Task.Delay(TimeSpan.FromMinutes(1), Cancellation)));
        await Assert.ThrowsAsync<TimeoutException>(() => late);

        gate.Leave();
        await gate.EnterAsync(Cancellation);
    }
}
