using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Signing.AspNetCore;

// Tells both workspaces that a client has logged in with a sharing key: in the audit of the store, if the host keeps one, and in the log.
internal sealed class SharingKeyAudit(ICredentialStore? store, TimeProvider time, ILogger logger)
{
    public const string Action = "sharing_key.used";

    /// <returns><see langword="false"/> if it cannot be stored; then nobody may have the token.</returns>
    public async ValueTask<bool> TryNoteAsync(HttpContext context, LogIn login)
    {
        Log.SharingKeyUsed(logger, login.Client.Key, login.Client.WorkspaceId, login.SharingKeyId!, login.WorkspaceId);
        if (store is null)
        {
            return true;
        }

        try
        {
            return await store.CommitAsync(new StoreChange([], [EventOf(context, login)]), context.RequestAborted).ConfigureAwait(false) == ChangeStatus.Changed;
        }
        catch (Exception exception) when (!Cancellation.Caused(exception, context.RequestAborted))
        {
            Log.SharingKeyUseNotStored(logger, login.SharingKeyId!, exception);
            return false;
        }
    }

    private AuditEvent EventOf(HttpContext context, LogIn login) => new()
    {
        At = time.GetUtcNow(),
        Actor = login.Client.Key,
        Action = Action,
        Target = login.SharingKeyId!,
        WorkspaceId = login.WorkspaceId!,
        OtherWorkspaceId = login.Client.WorkspaceId,
        Address = CallerAddress.Of(context),
        Outcome = ChangeOutcome.Of(ChangeStatus.Changed).Code,
    };
}
