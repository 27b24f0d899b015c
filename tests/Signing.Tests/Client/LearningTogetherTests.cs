using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Signing.Tests.Client.Tokens;
using Signing.Tests.Support;

namespace Signing.Tests.Client;

/// <summary>Requests that learn of one server at the same time.</summary>
public sealed class LearningTogetherTests : TokenTestBase
{
    [Fact]
    public async Task What_one_request_has_learnt_is_not_lost_when_another_learns_something_else()
    {
        using var waits = new SemaphoreSlim(0);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int sendings = 0;
        Server.Api = async context =>
        {
            if (context.Request.Path == "/slow" && held.TrySetResult())
            {
                await gate.Task.WaitAsync(context.RequestAborted);
                return await RefuseAsync(context, 401, "too_old", $"Date: {Time.GetUtcNow().AddSeconds(600):R}");
            }

            if (context.Request.Path == "/slow")
            {
                return await RefuseAsync(context, 200, "", "");
            }

            return ++sendings switch
            {
                1 => await RefuseAsync(context, 401, "insufficient_coverage", "Accept-Signature: sig=(\"@method\" \"@scheme\");created"),
                2 => await RefuseAsync(context, 503, "replay_before_floor", "Retry-After: 5"),
                _ => await RefuseAsync(context, 200, "", ""),
            };
        };
        HttpClient client = ClientOf(Build(orders => orders.Services.AddHttpClient("signs", client => client.BaseAddress = Server.Address).AddMessageSigning(KeyId, Secret)), "signs");

        // The slow one is sent before anything is known, and learns the clock when the other knows the components.
        Task<int> slow = StatusOfAsync(client, "/slow");
        await held.Task.WaitAsync(Cancelled);
        Time.TimerStarted = () => waits.Release();
        Task<int> other = StatusOfAsync(client, "/other");
        await waits.WaitAsync(Cancelled);
        gate.SetResult();
        Assert.Equal(200, await slow);
        Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(200, await other);
        RawRequest last = Server.ApiRequests[^1];
        Assert.Equal("/other", last.Target);
        Assert.Contains("@scheme", last.Covered(), StringComparer.Ordinal);
        Assert.Contains($";created={Time.GetUtcNow().ToUnixTimeSeconds() + 600};", last["signature-input"], StringComparison.Ordinal);
    }

    private static async Task<bool> RefuseAsync(HttpContext context, int status, string code, string headers)
    {
        await TokenServer.WriteAsync(context, status, "", code.Length == 0 ? headers : $"WWW-Authenticate: Signature error=\"{code}\"\r\n{headers}");
        return true;
    }
}
