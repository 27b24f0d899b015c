using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Signing.AspNetCore;

/// <summary>Ends a wait for content when the time is over that <c>UseRequestTimeouts</c> gives the request.</summary>
/// <remarks>
/// A read is not cancelled when the caller goes away: one that is cancelled by a token stays open, and Kestrel, which may look for
/// the next request nevertheless, would stumble over it. The end of the connection ends the read as well. A time that is over
/// ends no connection, so the read is ended as a pipe has it, and closed.
/// </remarks>
internal static class RequestTimeLimit
{
    /// <summary>Waits for a read that was begun without a token.</summary>
    /// <exception cref="OperationCanceledException">The time is over, and the middleware answers.</exception>
    public static ValueTask<ReadResult> WaitAsync(HttpContext context, PipeReader reader, ValueTask<ReadResult> reading) =>
        !reading.IsCompleted && context.Features.Get<IHttpRequestTimeoutFeature>() is { } limit ? WaitAsync(reader, reading, limit.RequestTimeoutToken) : reading;

    private static async ValueTask<ReadResult> WaitAsync(PipeReader reader, ValueTask<ReadResult> reading, CancellationToken limit)
    {
        using (limit.UnsafeRegister(static state => ((PipeReader)state!).CancelPendingRead(), reader))
        {
            ReadResult result = await reading.ConfigureAwait(false);
            if (result.IsCanceled && limit.IsCancellationRequested)
            {
                reader.AdvanceTo(result.Buffer.End);
                limit.ThrowIfCancellationRequested();
            }

            return result;
        }
    }
}
