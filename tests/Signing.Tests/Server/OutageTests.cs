using System.Net;
using Signing.AspNetCore;

namespace Signing.Tests.Server;

public sealed class OutageTests
{
    [Fact]
    public void An_outage_is_told_of_once_however_many_requests_meet_it()
    {
        var told = new List<Exception>();
        var lookUp = new CredentialLookUp(told.Add);
        var source = new FailingSource();

        for (int i = 0; i < 1000; i++)
        {
            Assert.True(lookUp.TryFindNow(source, "key", out SourceAnswer<Credential> answer));
            Assert.True(answer.IsUnavailable);
        }

        Assert.Single(told);
    }

    private sealed class FailingSource : ICredentialSource
    {
        public bool TryGetCached(ReadOnlySpan<char> key, out Credential? credential) => throw new HttpRequestException("away", null, HttpStatusCode.BadGateway);

        public ValueTask<Credential?> FindAsync(string key, CancellationToken cancellationToken) => throw new HttpRequestException("away", null, HttpStatusCode.BadGateway);
    }
}
