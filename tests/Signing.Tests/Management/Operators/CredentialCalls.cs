using System.Text.Json.Nodes;

namespace Signing.Tests.Management.Operators;

/// <summary>What is asked of credentials, and must be answered.</summary>
internal sealed class CredentialCalls(World world, Draw draw)
{
    public Call Create(Operator caller, ExpectedApplication? application, string applicationId, ExpectedCredential? parent, string? parentId, bool? isPair = null, string[]? given = null)
    {
        var call = new Call(caller, "POST", "/credentials") { Success = 201, ShowsText = true };
        world.Judge(call);
        call.RefersToMissing = application is null || !world.Sees(caller, application) || (parentId is not null && (parent is null || !world.Sees(caller, parent)));
        bool pair = isPair ?? (parentId is null ? draw.OneIn(2) : draw.OneIn(10));
        string? wanted = draw.OneIn(3) ? null : draw.OneIn(2) ? "test" : "live";
        string environment = wanted ?? parent?.Environment ?? "live";
        string name = given is null ? draw.Name(call) : $"robot {world.Credentials.Count}";
        string[] scopes = given ?? draw.ScopeList(call, parent?.Scopes);
        DateTimeOffset? from = given is null && draw.OneIn(4) ? draw.Instant(world.Now) : null;
        DateTimeOffset? end = given is null && draw.OneIn(2) ? draw.Instant(world.Now) : null;
        bool isEndless = given is not null || draw.OneIn(3);
        call.Json = new JsonObject
        {
            ["applicationId"] = applicationId,
            ["kind"] = pair ? "keyPair" : "apiToken",
            ["name"] = name,
            ["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]),
            ["parentId"] = parentId,
            ["environment"] = wanted,
            ["notBefore"] = from,
            ["expires"] = end,
            ["neverExpires"] = isEndless,
        };
        if (draw.OneIn(30))
        {
            call.Json["environment"] = "staging";
            call.Misshapen.Add("environment_invalid");
        }

        call.IsForbidden = !world.May(caller, "manager", environment) || (!pair && !world.May(caller, "apiTokens")) || !world.MayGive(caller, scopes);
        DateTimeOffset? expires = end ?? (isEndless || application is null ? null : (from ?? world.Now) + Days(world.WorkspaceOf(application).LifetimeDays));
        Because(call, expires <= world.Now || expires <= from, "end_invalid");
        Because(call, parent is not null && (parent.Key is null || pair || parent.Application != application), "parent_invalid");
        Because(call, parent?.IsRevoked(world.Now) == true, "already_revoked");
        Because(call, parent is not null && environment != parent.Environment, "environment_invalid");
        Because(call, parent is not null && scopes.Except(parent.Scopes).Any(), "scope_not_granted");
        Because(call, application is not null && world.IsNameTaken(application.Owner, name, null), "name_taken");
        call.Apply = answer =>
        {
            System.Text.Json.JsonElement made = answer.GetProperty("credential");
            var row = new ExpectedCredential(made.GetProperty("id").GetString()!, name, application!, parent, world.Now, caller.Name)
            {
                Key = made.GetProperty("key").GetString(),
                Environment = environment,
                Scopes = scopes,
                NotBefore = from,
                Expires = expires,
            };
            Assert.Equal(pair, row.Key is not null);
            row.Secrets.Add(new ExpectedSecret(1, answer.GetProperty("text").GetString()!, world.WorkspaceOf(row).IsRetrievable, world.Now));
            call.Events.Add(("credential.created", row.Id));
            world.Credentials.Add(row);
        };
        return call;
    }

    public Call Edit(Operator caller, ExpectedCredential? row, string id)
    {
        Call call = world.About(caller, "PATCH", row, $"/credentials/{id}", "manager");
        JsonObject body = call.Json = [];
        (string name, string[] scopes, bool allowed) = (row?.Name ?? "", row?.Scopes ?? [], row?.ClientSecretAllowed ?? true);
        if (draw.OneIn(2))
        {
            body["name"] = name = draw.Name(call);
        }

        if (!draw.OneIn(3))
        {
            scopes = draw.ScopeList(call, row?.Parent?.Scopes);
            body["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]);
            call.IsForbidden |= !world.MayGive(caller, scopes);
        }

        if (draw.OneIn(4))
        {
            body["clientSecretAllowed"] = allowed = draw.OneIn(2);
        }

        if (row is null)
        {
            return call;
        }

        bool isChange = (name, allowed) != (row.Name, row.ClientSecretAllowed) || !scopes.SequenceEqual(row.Scopes);
        if (!isChange)
        {
            return call;
        }

        Because(call, row.IsRevoked(world.Now), "already_revoked");
        Because(call, row.Parent is not null && scopes.Except(row.Parent.Scopes).Any(), "scope_not_granted");
        Because(call, world.IsNameTaken(row.Owner, name, row), "name_taken");
        ExpectedCredential[] cut = [.. world.Credentials.Where(token => token.Parent == row && !token.IsRevoked(world.Now) && token.Scopes.Except(scopes).Any())];
        call.Events.AddRange([("credential.edited", id), .. cut.Select(token => ("credential.edited", token.Id))]);
        call.Apply = _ =>
        {
            (row.Name, row.Scopes, row.ClientSecretAllowed) = (name, scopes, allowed);
            row.Version++;
            foreach (ExpectedCredential token in cut)
            {
                token.Scopes = [.. token.Scopes.Intersect(scopes)];
                token.Version++;
            }
        };
        return call;
    }

    public Call Delete(Operator caller, ExpectedCredential? row, string id)
    {
        Call call = world.About(caller, "DELETE", row, $"/credentials/{id}", "manager");
        call.Success = 204;
        ExpectedCredential[] gone = [.. world.Credentials.Where(credential => credential == row || (row is not null && credential.Parent == row))];
        call.Events.AddRange(gone.Where(credential => !credential.IsRevoked(world.Now)).Select(credential => ("credential.revoked", credential.Id)));
        call.Events.AddRange(gone.Select(credential => ("credential.deleted", credential.Id)));
        call.Apply = _ => Array.ForEach(gone, world.Remove);
        return call;
    }

    public static void Because(Call call, bool isSo, string code)
    {
        if (isSo)
        {
            call.Reasons.Add(code);
        }
    }

    private static TimeSpan? Days(double? days) => days is { } known ? TimeSpan.FromDays(known) : null;
}
