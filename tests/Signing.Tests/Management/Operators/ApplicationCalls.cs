using System.Text.Json.Nodes;

namespace Signing.Tests.Management.Operators;

/// <summary>What is asked of applications, and must be answered.</summary>
internal sealed class ApplicationCalls(World world, Draw draw)
{
    private static readonly string[] Bundles = ["com.example.one", "com.example.two", "Com.Example.Two"];

    public Call Create(Operator caller, ExpectedWorkspace? workspace, string workspaceId)
    {
        var call = new Call(caller, "POST", "/applications") { Success = 201 };
        world.Judge(call);
        call.RefersToMissing = workspace is null || !world.Sees(caller, workspace);
        call.IsForbidden = !world.May(caller, "integrations") || !world.May(caller, "manager");
        string name = draw.Name(call);
        JsonObject body = call.Json = new JsonObject { ["workspaceId"] = workspaceId, ["name"] = name };
        string? bundle = BundleId(call, body, workspaceId, null);
        if (bundle is null && workspace?.BundleIdRequired == true)
        {
            call.Reasons.Add("bundle_id_missing");
        }

        string[] apis = draw.OneIn(2) ? ["orders"] : [];
        body["connectedApis"] = new JsonArray([.. apis.Select(api => JsonValue.Create(api))]);
        Func<System.Text.Json.JsonElement, ExpectedApplication, ExpectedCredential>? first = draw.OneIn(2) || workspace is null ? null : First(call, caller, workspace);
        call.ShowsText = first is not null;
        call.Apply = answer =>
        {
            string id = answer.GetProperty("application").GetProperty("id").GetString()!;
            var row = new ExpectedApplication(id, name, workspaceId, world.Now, caller.Name) { BundleId = bundle, Apis = apis };
            call.Events.Add(("application.created", id));
            world.Applications.Add(row);
            if (first?.Invoke(answer, row) is { } credential)
            {
                call.Events.Add(("credential.created", credential.Id));
                world.Credentials.Add(credential);
            }
        };
        return call;
    }

    public Call Edit(Operator caller, ExpectedApplication? row, string id)
    {
        Call call = world.About(caller, "PATCH", row, $"/applications/{id}", "manager");
        row ??= new ExpectedApplication(id, "", "", world.Now, "");
        JsonObject body = call.Json = [];
        (string name, string? bundle, string[] apis) = (row.Name, row.BundleId, row.Apis);
        if (draw.OneIn(2))
        {
            body["name"] = name = draw.Name(call);
        }

        if (draw.OneIn(2))
        {
            bundle = BundleId(call, body, row.Owner, row);
            body["bundleId"] = bundle;
            if (bundle is null && row.BundleId is not null && world.WorkspaceOf(row).BundleIdRequired)
            {
                call.Reasons.Add("bundle_id_missing");
            }
        }

        if (draw.OneIn(2))
        {
            apis = draw.OneIn(2) ? ["orders", "billing"] : [];
            body["connectedApis"] = new JsonArray([.. apis.Select(api => JsonValue.Create(api))]);
        }

        bool isChange = (name, bundle) != (row.Name, row.BundleId) || !apis.SequenceEqual(row.Apis);
        if (isChange)
        {
            call.Events.Add(("application.edited", id));
        }

        call.Apply = _ =>
        {
            (row.Name, row.BundleId, row.Apis) = (name, bundle, apis);
            row.Version += isChange ? 1 : 0;
        };
        return call;
    }

    public Call Suspend(Operator caller, ExpectedApplication? row, string id, bool isSuspended)
    {
        Call call = world.About(caller, "POST", row, $"/applications/{id}:{(isSuspended ? "suspend" : "resume")}", "manager");
        if (row is null)
        {
            return call;
        }

        // To resume it is to bring its credentials back.
        call.IsForbidden |= !isSuspended && world.Credentials.Any(credential => credential.Application == row && !credential.IsRevoked(world.Now) && !world.MayRevive(caller, credential));
        bool isChange = row.IsSuspended != isSuspended;
        if (isChange)
        {
            call.Events.Add((isSuspended ? "application.suspended" : "application.resumed", id));
        }

        call.Apply = _ =>
        {
            row.IsSuspended = isSuspended;
            row.Version += isChange ? 1 : 0;
        };
        return call;
    }

    public Call Delete(Operator caller, ExpectedApplication? row, string id)
    {
        Call call = world.About(caller, "DELETE", row, $"/applications/{id}", "manager");
        call.Success = 204;
        ExpectedCredential[] gone = [.. world.Credentials.Where(credential => credential.Application == row)];
        call.IsForbidden |= gone.Any(credential => !world.May(caller, "manager", credential.Environment));
        call.Events.AddRange(gone.Where(credential => !credential.IsRevoked(world.Now)).Select(credential => ("credential.revoked", credential.Id)));
        call.Events.AddRange([.. gone.Select(credential => ("credential.deleted", credential.Id)), ("application.deleted", id)]);
        call.Apply = _ =>
        {
            Array.ForEach(gone, world.Remove);
            world.Remove(row!);
        };
        return call;
    }

    private string? BundleId(Call call, JsonObject body, string workspace, ExpectedApplication? except)
    {
        string? bundle = draw.OneIn(3) ? null : draw.Pick(Bundles);
        if (draw.OneIn(12))
        {
            bundle = " ";
            call.Reasons.Add("bundle_id_invalid");
        }

        if (bundle is not null && world.Applications.Any(other => other != except && other.Owner == workspace && other.BundleId == bundle))
        {
            call.Reasons.Add("bundle_id_taken");
        }

        body["bundleId"] = bundle;
        return bundle;
    }

    private Func<System.Text.Json.JsonElement, ExpectedApplication, ExpectedCredential> First(Call call, Operator caller, ExpectedWorkspace workspace)
    {
        string name = draw.Name(call);
        string[] scopes = draw.ScopeList(call);
        string environment = draw.OneIn(2) ? "test" : "live";
        call.Json!["credential"] = new JsonObject { ["name"] = name, ["environment"] = environment, ["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]), ["neverExpires"] = true };
        call.IsForbidden |= !world.May(caller, "manager", environment) || !world.MayGive(caller, scopes);
        if (world.IsNameTaken(workspace.Id, name, null))
        {
            call.Reasons.Add("name_taken");
        }

        bool isRetrievable = workspace.IsRetrievable;
        return (answer, application) =>
        {
            System.Text.Json.JsonElement made = answer.GetProperty("credential");
            var row = new ExpectedCredential(made.GetProperty("id").GetString()!, name, application, null, world.Now, caller.Name) { Environment = environment, Scopes = scopes, Key = made.GetProperty("key").GetString() };
            row.Secrets.Add(new ExpectedSecret(1, answer.GetProperty("text").GetString()!, isRetrievable, world.Now));
            return row;
        };
    }
}
