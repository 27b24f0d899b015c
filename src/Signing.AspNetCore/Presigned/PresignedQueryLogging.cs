using Microsoft.AspNetCore.HttpLogging;

namespace Signing.AspNetCore;

/// <summary>Keeps the query of presigned URLs out of the host's HTTP logging: whoever reads it there may follow the URL.</summary>
internal sealed class PresignedQueryLogging : IHttpLoggingInterceptor
{
    public ValueTask OnRequestAsync(HttpLoggingInterceptorContext logContext)
    {
        if (PresignedUrls.IsIn(logContext.HttpContext))
        {
            logContext.Disable(HttpLoggingFields.RequestQuery);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask OnResponseAsync(HttpLoggingInterceptorContext logContext) => ValueTask.CompletedTask;
}
