namespace Signing.PostgreSql.Tests.Credentials;

public sealed class LookUpGateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_gets_no_place_in_time_is_told_so_and_a_place_that_is_left_is_free()
    {
        using CancellationTokenSource leaves = new(TimeSpan.FromMinutes(1));
        var gate = new LookUpGate(places: 1, TimeSpan.FromMilliseconds(20));
        await gate.EnterAsync(Cancellation);

        // It is told, and does not have to leave by itself.
        await Assert.ThrowsAsync<TimeoutException>(async () => await gate.EnterAsync(leaves.Token));

        gate.Leave();
        await gate.EnterAsync(Cancellation);
    }
}
