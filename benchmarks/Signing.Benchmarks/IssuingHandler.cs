using System.Net;
using System.Net.Mime;
using System.Text;

namespace Signing.Benchmarks;

/// <summary>Stands for the token endpoints: issues a token that lasts longer than any table takes.</summary>
internal sealed class IssuingHandler : HttpMessageHandler
{
    private const string Answer = """{"access_token":"sgn_access_of_a_benchmark","token_type":"Bearer","expires_in":86400}""";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Answer, Encoding.UTF8, MediaTypeNames.Application.Json) });
}
