using Signing.Tests.Support;

namespace Signing.Tests.Mistakes;

/// <summary>What the classes of mistakes share: the APIs, and that each of them is quiet afterwards.</summary>
[Collection<SharedApis>]
public abstract class MistakeTests(Apis apis)
{
    /// <summary>Gets the shared APIs.</summary>
    protected Apis Apis => apis;

    /// <summary>Proves for both doors and both versions of HTTP that a request is refused for this reason, and accepted without the change.</summary>
    protected Task ProveAsync(string code, Action<RequestDraft> change, Func<Api, RequestDraft>? draft = null) => ProveAsync(apis.Each, code, change, draft);

    /// <summary>Proves the same for some of the ways into an API.</summary>
    protected static async Task ProveAsync(IReadOnlyList<Api> some, string code, Action<RequestDraft> change, Func<Api, RequestDraft>? draft = null)
    {
        draft ??= static api => api.Draft();
        foreach (Api api in some)
        {
            RequestDraft mistaken = draft(api);
            change(mistaken);
            await api.RefusesAsync(mistaken, code);
            await api.AcceptsAsync(draft(api));
        }
    }

    [CollectionDefinition]
    public sealed class SharedApis : ICollectionFixture<Apis>;
}
