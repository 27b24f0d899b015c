using System.Text.Json.Nodes;

namespace Signing.Tests.Management.Operators;

/// <summary>What is asked of sharing keys, and must be answered.</summary>
internal sealed class SharingKeyCalls(World world, Draw draw)
{
    public Call Create(Operator caller, ExpectedWorkspace? grantor, string grantorId, ExpectedWorkspace? grantee, string? granteeId, ExpectedApplication? application, string? applicationId)
    {
        var call = new Call(caller, "POST", "/sharing-keys") { Success = 201, ShowsText = true };
        world.Judge(call);
        call.RefersToMissing = grantor is null || !world.Sees(caller, grantor) || (granteeId is not null && (grantee is null || !world.Sees(caller, grantee)))
            || (applicationId is not null && (application is null || !world.Sees(caller, application)));
        string name = draw.Name(call);
        string[] scopes = draw.ScopeList(call);
        DateTimeOffset? end = draw.OneIn(2) ? draw.Instant(world.Now) : null;
        call.Json = new JsonObject
        {
            ["grantorWorkspaceId"] = grantorId,
            ["granteeWorkspaceId"] = granteeId,
            ["granteeApplicationId"] = applicationId,
            ["name"] = name,
            ["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]),
            ["expires"] = end,
        };
        call.IsForbidden = !world.May(caller, "manager") || !world.MayGive(caller, scopes);
        CredentialCalls.Because(call, end <= world.Now, "end_invalid");
        CredentialCalls.Because(call, application is not null && grantee is not null && application.Owner != grantee.Id, "not_found");
        call.Apply = answer =>
        {
            string id = answer.GetProperty("sharingKey").GetProperty("id").GetString()!;
            call.Events.Add(("sharing_key.created", id));
            world.SharingKeys.Add(new ExpectedSharingKey(id, name, grantorId, world.Now, caller.Name) { Grantee = granteeId ?? application?.Owner, GranteeApplication = applicationId, Scopes = scopes, Expires = end });
        };
        return call;
    }

    public Call Edit(Operator caller, ExpectedSharingKey? row, string id)
    {
        Call call = world.About(caller, "PATCH", row, $"/sharing-keys/{id}", "manager");
        JsonObject body = call.Json = [];
        (string name, string[] scopes, DateTimeOffset? end, bool isSuspended) = (row?.Name ?? "", row?.Scopes ?? [], row?.Expires, row?.IsSuspended ?? false);
        if (draw.OneIn(2))
        {
            body["name"] = name = draw.Name(call);
        }

        if (draw.OneIn(2))
        {
            scopes = draw.ScopeList(call);
            body["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]);
            call.IsForbidden |= !world.MayGive(caller, scopes);
        }

        if (draw.OneIn(2))
        {
            body["expires"] = end = draw.OneIn(3) ? null : draw.Instant(world.Now);
        }

        if (draw.OneIn(2))
        {
            isSuspended = draw.OneIn(2);
            body["status"] = isSuspended ? "suspended" : "active";
        }

        if (row is null)
        {
            return call;
        }

        // Another end, or an end of its suspension, gives its scopes again.
        call.IsForbidden |= (body.ContainsKey("expires") || body["status"]?.GetValue<string>() == "active") && !world.MayGive(caller, body.ContainsKey("scopes") ? scopes : row.Scopes);
        bool isChange = row.IsRevoked ? (name, end) != (row.Name, row.Expires) || !scopes.SequenceEqual(row.Scopes) || body.ContainsKey("status")
            : (name, end, isSuspended) != (row.Name, row.Expires, row.IsSuspended) || !scopes.SequenceEqual(row.Scopes);
        if (!isChange)
        {
            return call;
        }

        CredentialCalls.Because(call, row.IsRevoked, "already_revoked");
        CredentialCalls.Because(call, end != row.Expires && end <= world.Now, "end_invalid");
        call.Events.Add((isSuspended == row.IsSuspended ? "sharing_key.edited" : isSuspended ? "sharing_key.suspended" : "sharing_key.resumed", id));
        call.Apply = _ =>
        {
            (row.Name, row.Scopes, row.Expires, row.IsSuspended) = (name, scopes, end, isSuspended);
            row.Version++;
        };
        return call;
    }

    public Call Revoke(Operator caller, ExpectedSharingKey? row, string id)
    {
        Call call = world.About(caller, "POST", row, $"/sharing-keys/{id}:revoke", "manager");
        CredentialCalls.Because(call, row?.IsRevoked == true, "already_revoked");
        call.Events.Add(("sharing_key.revoked", id));
        call.Apply = _ =>
        {
            (row!.IsRevoked, row.IsSuspended) = (true, false);
            row.Version++;
        };
        return call;
    }

    public Call Delete(Operator caller, ExpectedSharingKey? row, string id)
    {
        Call call = world.About(caller, "DELETE", row, $"/sharing-keys/{id}", "manager");
        call.Success = 204;
        call.Events.Add(("sharing_key.deleted", id));
        call.Apply = _ => world.Remove(row!);
        return call;
    }
}
