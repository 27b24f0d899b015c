using Microsoft.Extensions.DependencyInjection;

namespace Signing.AspNetCore;

/// <summary>Asks whether logins can be kept: the journal by writing what is left to write, a store of another kind for a grant that nobody has.</summary>
internal static class TokenHealth
{
    public static async ValueTask<List<HealthFinding>> AskAsync(IServiceProvider services, CancellationToken cancellationToken) => services.GetService<IGrantStore>() switch
    {
        null => [],
        InMemoryGrantStore => [HealthFinding.Healthy("Grants are in memory: a restart ends every login.", ("store", "memory"))],
        JournalGrantStore journal => [await OfAsync(journal, cancellationToken).ConfigureAwait(false)],
        var store => [await OfAsync(store, cancellationToken).ConfigureAwait(false)],
    };

    private static async ValueTask<HealthFinding> OfAsync(JournalGrantStore journal, CancellationToken cancellationToken)
    {
        // After a failure this is the next attempt; why it fails is in the log, and a disk that does not answer fails as well.
        Task written = journal.WrittenAsync();
        await written.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return written.IsCompletedSuccessfully
            ? HealthFinding.Healthy("The journal of grants is written.", ("store", "journal"))
            : HealthFinding.Degraded("The journal of grants cannot be written: logins, refreshes and revocations are answered 503, while tokens that are out are accepted. It is tried again.", ("store", "journal"));
    }

    private static async ValueTask<HealthFinding> OfAsync(IGrantStore store, CancellationToken cancellationToken)
    {
        await store.FindAsync(default, cancellationToken).ConfigureAwait(false);
        return HealthFinding.Healthy("The store of grants answers.", ("store", store.GetType().Name));
    }
}
