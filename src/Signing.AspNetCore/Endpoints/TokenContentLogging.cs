using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpLogging;

namespace Signing.AspNetCore;

/// <summary>Keeps the content of requests to the token endpoints, and of their answers, out of the host's HTTP logging: Secrets and tokens stand in both.</summary>
internal sealed class TokenContentLogging : IHttpLoggingInterceptor
{
    private const HttpLoggingFields Content = HttpLoggingFields.RequestBody | HttpLoggingFields.ResponseBody;

    public ValueTask OnRequestAsync(HttpLoggingInterceptorContext logContext) => LeaveOut(logContext);

    // Where the host logs before it routes, the endpoint is known by now.
    public ValueTask OnResponseAsync(HttpLoggingInterceptorContext logContext) => LeaveOut(logContext);

    private static ValueTask LeaveOut(HttpLoggingInterceptorContext logContext)
    {
        if (logContext.HttpContext.GetEndpoint()?.Metadata.GetMetadata<SecretContent>() is not null)
        {
            logContext.Disable(Content);
        }

        return ValueTask.CompletedTask;
    }
}
