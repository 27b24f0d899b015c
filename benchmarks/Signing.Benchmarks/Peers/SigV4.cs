using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace Signing.Benchmarks.Peers;

/// <summary>The signer of a large cloud's SDK, over a request of the same method, target, fields and content.</summary>
internal sealed class SigV4
{
    private static readonly Uri Endpoint = new("https://api.example.com");

    private readonly AWS4Signer _signer = new();
    private readonly Configuration _configuration = new();

    /// <returns>The length of the header field that it made.</returns>
    public int Sign(byte[]? content)
    {
        var request = new DefaultRequest(new EmptyRequest(), "execute-api")
        {
            HttpMethod = content is null ? "GET" : "POST",
            Endpoint = Endpoint,
            ResourcePath = "/v1/orders",
            AuthenticationRegion = "eu-central-1",
            Content = content,
        };
        request.Headers["Accept"] = "application/json";
        request.ParameterCollection.Add("currency", "EUR");
        request.ParameterCollection.Add("limit", "50");
        request.UseQueryString = true;
        AWS4SigningResult result = _signer.SignRequest(request, _configuration, metrics: null, Workload.KeyId, Workload.Secret);
        return result.ForAuthorizationHeader.Length;
    }

    private sealed class EmptyRequest : AmazonWebServiceRequest;

    private sealed class Configuration() : ClientConfig(new AmazonProfile())
    {
        public override string RegionEndpointServiceName => "execute-api";

        public override string ServiceVersion => "1";

        public override string UserAgent => "benchmark";

        public override Amazon.Runtime.Endpoints.Endpoint DetermineServiceOperationEndpoint(Amazon.Runtime.Endpoints.ServiceOperationEndpointParameters parameters) => new(Endpoint.ToString());
    }

    private sealed class AmazonProfile() : IDefaultConfigurationProvider
    {
        public IDefaultConfiguration GetDefaultConfiguration(Amazon.RegionEndpoint clientRegion, DefaultConfigurationMode? requestedConfigurationMode = null) => new DefaultConfiguration();
    }
}
