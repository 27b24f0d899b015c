namespace Signing.Tests.Support;

/// <summary>Sends each request several times, as a retry policy does.</summary>
public sealed class RepeatingHandler(int times) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (int i = 1; i < times; i++)
        {
            (await base.SendAsync(request, cancellationToken)).Dispose();
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
