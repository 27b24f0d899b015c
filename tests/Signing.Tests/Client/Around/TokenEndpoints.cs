using System.Net;
using System.Text;

namespace Signing.Tests.Client.Around;

/// <summary>Stands where the connection to the token endpoints would: issues tokens that say whose they are.</summary>
internal sealed class TokenEndpoints(Func<HttpRequestMessage, CancellationToken, Task> onCall, int seconds = 900) : HttpMessageHandler
{
    private int _issued;

    public int Issued => _issued;

    public static string KeyOf(string token) => token.Split('.')[1];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        await onCall(request, cancellationToken);
        string key = request.Headers.NonValidated["Signature-Input"].ToString().Split("keyid=\"")[1].Split('"')[0];
        int number = Interlocked.Increment(ref _issued);
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            RequestMessage = request,
            Content = new StringContent($$"""{"access_token":"access.{{key}}.{{number}}","token_type":"Bearer","expires_in":{{seconds}},"refresh_token":"refresh.{{key}}.{{number}}"}""", Encoding.UTF8, "application/json"),
        };
    }
}
