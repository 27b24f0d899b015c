using System.Text.Json.Nodes;

namespace Signing.Tests.Management.Operators;

/// <summary>What is asked of workspaces, and must be answered.</summary>
internal sealed class WorkspaceCalls(World world, Draw draw)
{
    public Call Create(Operator caller)
    {
        var call = new Call(caller, "POST", "/workspaces") { Success = 201, Json = [] };
        world.Judge(call);
        call.IsForbidden = world.ScopeOf(caller) is not null || !world.May(caller, "administrator");
        bool isRetrievable = draw.OneIn(2);
        bool isRequired = draw.OneIn(4);
        string name = draw.Name(call);
        (call.Json["name"], call.Json["disclosure"], call.Json["bundleIdRequired"]) = (name, isRetrievable ? "retrievable" : "once", isRequired);
        call.Apply = answer =>
        {
            string id = answer.GetProperty("id").GetString()!;
            call.Events.Add(("workspace.created", id));
            world.Workspaces.Add(new ExpectedWorkspace(id, name, world.Now, caller.Name) { IsRetrievable = isRetrievable, BundleIdRequired = isRequired });
        };
        return call;
    }

    public Call Edit(Operator caller, ExpectedWorkspace? row, string id)
    {
        Call call = world.About(caller, "PATCH", row, $"/workspaces/{id}", "administrator");
        row ??= new ExpectedWorkspace(id, "", world.Now, "");
        JsonObject body = call.Json = [];
        (string name, bool enabled, bool isRetrievable, bool isRequired, double? days, double hours) =
            (row.Name, row.Enabled, row.IsRetrievable, row.BundleIdRequired, row.LifetimeDays, row.OverlapHours);
        if (draw.OneIn(4))
        {
            body["name"] = name = draw.Name(call);
        }

        if (draw.OneIn(3))
        {
            body["enabled"] = enabled = !draw.OneIn(3);
            call.IsForbidden |= world.ScopeOf(caller) is not null;
        }

        if (draw.OneIn(3))
        {
            isRetrievable = draw.OneIn(2);
            body["disclosure"] = isRetrievable ? "retrievable" : "once";
        }

        if (draw.OneIn(4))
        {
            body["bundleIdRequired"] = isRequired = draw.OneIn(2);
        }

        if (draw.OneIn(4))
        {
            body["defaultLifetimeDays"] = days = draw.OneIn(2) ? null : draw.Pick(new[] { 0.5, 30, 3650 });
        }

        if (draw.OneIn(4))
        {
            hours = draw.Duration(call) / 3600;
            body["rotationOverlapHours"] = hours;
        }

        bool isChange = (name, enabled, isRetrievable, isRequired, days, hours) != (row.Name, row.Enabled, row.IsRetrievable, row.BundleIdRequired, row.LifetimeDays, row.OverlapHours);
        if (isChange)
        {
            call.Events.Add((enabled == row.Enabled ? "workspace.edited" : enabled ? "workspace.enabled" : "workspace.disabled", id));
        }

        call.Apply = _ =>
        {
            (row.Name, row.Enabled, row.IsRetrievable, row.BundleIdRequired, row.LifetimeDays, row.OverlapHours) = (name, enabled, isRetrievable, isRequired, days, hours);
            row.Version += isChange ? 1 : 0;
        };
        return call;
    }

    public Call Delete(Operator caller, ExpectedWorkspace? row, string id)
    {
        Call call = world.About(caller, "DELETE", row, $"/workspaces/{id}", "administrator");
        call.Success = 204;
        call.IsForbidden |= world.ScopeOf(caller) is not null;
        if (world.Applications.Any(application => application.Owner == id) || world.SharingKeys.Any(shared => shared.Owner == id))
        {
            call.Reasons.Add("not_empty");
        }

        call.Events.Add(("workspace.deleted", id));
        call.Apply = _ => world.Remove(row!);
        return call;
    }
}
