using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpLogging;

namespace Signing.Management;

/// <summary>Keeps the content of requests and answers out of the host's HTTP logging: a Secret stands in the answer to create, rotate and reveal.</summary>
internal sealed class AnswerLogging : IHttpLoggingInterceptor
{
    private const HttpLoggingFields Content = HttpLoggingFields.RequestBody | HttpLoggingFields.ResponseBody;

    public ValueTask OnRequestAsync(HttpLoggingInterceptorContext logContext) => LeaveOut(logContext);

    // Where the host logs before it routes, the endpoint is known by now.
    public ValueTask OnResponseAsync(HttpLoggingInterceptorContext logContext) => LeaveOut(logContext);

    private static ValueTask LeaveOut(HttpLoggingInterceptorContext logContext)
    {
        if (logContext.HttpContext.GetEndpoint()?.Metadata.GetMetadata<ManagementRoute>() is not null)
        {
            logContext.Disable(Content);
        }

        return ValueTask.CompletedTask;
    }
}
