namespace Signing.AspNetCore;

// What a sharing key permits: the data of the workspace that granted it, to the one it was granted to, within its scopes.
// Asked at the login, at each refresh and for each request.
internal sealed class SharingKeyRule(ISharingKeySource source, IGrantStore store, TimeProvider time)
{
    private static readonly SharingKeyVerdict Refused = new(TokenStatus.SharingKeyRefused);

    public async ValueTask<SharingKeyVerdict> CheckAsync(Grant grant, Credential client, CancellationToken cancellationToken)
    {
        string id = grant.SharingKeyId!;
        if (!source.TryGetCached(id, out SharingKey? key))
        {
            key = await source.FindByIdAsync(id, cancellationToken).ConfigureAwait(false);
        }

        if (key is null
            || key.Evaluate(time.GetUtcNow()) != CredentialStatus.Valid
            || key.GrantorWorkspaceId != grant.WorkspaceId
            || !await IsGranteeAsync(key, client, cancellationToken).ConfigureAwait(false))
        {
            return Refused;
        }

        return new SharingKeyVerdict(TokenStatus.Valid, key.Scopes);
    }

    private ValueTask<bool> IsGranteeAsync(SharingKey key, Credential client, CancellationToken cancellationToken)
    {
        if (key.GranteeWorkspaceId is null && key.GranteeApplicationId is null)
        {
            return IsBoundAsync(key, client, cancellationToken);
        }

        return new ValueTask<bool>(
            (key.GranteeWorkspaceId is null || key.GranteeWorkspaceId == client.WorkspaceId)
            && (key.GranteeApplicationId is null || key.GranteeApplicationId == client.ApplicationId));
    }

    private async ValueTask<bool> IsBoundAsync(SharingKey key, Credential client, CancellationToken cancellationToken)
    {
        string grantee = GranteeOf(client);
        return await store.BindSharingKeyAsync(key.Id, grantee, cancellationToken).ConfigureAwait(false) == grantee;
    }

    // The word before the id keeps an application and a workspace of the same id apart.
    private static string GranteeOf(Credential client)
    {
        if (client.ApplicationId is { } application)
        {
            return $"application {application}";
        }

        return client.WorkspaceId is { } workspace ? $"workspace {workspace}" : $"client {client.Key}";
    }
}
