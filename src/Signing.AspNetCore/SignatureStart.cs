using Microsoft.Extensions.Hosting;

namespace Signing.AspNetCore;

/// <summary>Builds every scheme when the host starts: wrong credentials stop it, and a replay store remembers from now on, not from the first request.</summary>
internal sealed class SignatureStart(RequestVerifiers verifiers, TokenDoors doors, IEnumerable<SignatureScheme> schemes) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (SignatureScheme scheme in schemes)
        {
            verifiers.Get(scheme.Name);
        }

        for (int i = 0; i < doors.Count; i++)
        {
            doors.Get(i);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
