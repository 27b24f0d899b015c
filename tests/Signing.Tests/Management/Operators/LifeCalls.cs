using System.Text.Json;
using System.Text.Json.Nodes;

namespace Signing.Tests.Management.Operators;

/// <summary>What is asked of the life of a credential, and must be answered.</summary>
internal sealed class LifeCalls(World world, Draw draw)
{
    public Call Rotate(Operator caller, ExpectedCredential? row, string id)
    {
        Call call = Begin(caller, row, id, "rotate", isGift: true);
        call.ShowsText = true;
        double? overlap = null;
        if (draw.OneIn(2))
        {
            overlap = draw.Duration(call);
            call.Json = new JsonObject { ["overlapSeconds"] = overlap };
        }

        if (row is null)
        {
            return call;
        }

        DateTimeOffset now = world.Now;
        CredentialCalls.Because(call, row.Key is null, "not_a_key_pair");
        CredentialCalls.Because(call, row.IsRotating(now), "already_rotating");
        ExpectedWorkspace workspace = world.WorkspaceOf(row);
        return Changing(call, row, "credential.rotated", answer =>
        {
            DateTimeOffset end = now + (overlap is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromHours(workspace.OverlapHours));
            row.Current!.RetiresAt = row.End < end ? row.End : end;
            row.Secrets.Add(new ExpectedSecret(row.Secrets[^1].Version + 1, answer.GetProperty("text").GetString()!, workspace.IsRetrievable, now));
            row.Settle(now);
            row.Secrets.RemoveRange(0, Math.Max(0, row.Secrets.Count - 8));
        });
    }

    public Call Retire(Operator caller, ExpectedCredential? row, string id)
    {
        Call call = Begin(caller, row, id, "retire", isGift: false);
        if (row is null)
        {
            return call;
        }

        DateTimeOffset now = world.Now;
        CredentialCalls.Because(call, row.Key is null, "not_a_key_pair");
        CredentialCalls.Because(call, !row.IsRotating(now), "not_rotating");
        return Changing(call, row, "credential.retired", _ =>
        {
            foreach (ExpectedSecret secret in row.Secrets.Where(secret => secret.RetiresAt > now))
            {
                secret.RetiresAt = now;
            }

            row.Settle(now);
        });
    }

    public Call Renew(Operator caller, ExpectedCredential? row, string id)
    {
        Call call = Begin(caller, row, id, "renew", isGift: true);
        DateTimeOffset now = world.Now;
        DateTimeOffset? end = draw.OneIn(3) ? null : draw.Instant(now);
        call.Json = new JsonObject { ["expires"] = end };
        if (draw.OneIn(10))
        {
            call.Json = [];
            call.Misshapen.Add("invalid_request");
        }

        CredentialCalls.Because(call, end <= now || end <= row?.NotBefore, "end_invalid");
        return row is null ? call : Changing(call, row, "credential.renewed", _ => row.Expires = end, isChange: row.Expires != end);
    }

    public Call Suspend(Operator caller, ExpectedCredential? row, string id) =>
        Begin(caller, row, id, "suspend", isGift: false) is var call && row is null ? call : Changing(call, row!, "credential.suspended", _ => row!.Status = "suspended", row!.Status != "suspended");

    public Call Resume(Operator caller, ExpectedCredential? row, string id) =>
        Begin(caller, row, id, "resume", isGift: true) is var call && row is null ? call : Changing(call, row!, "credential.resumed", _ => row!.Status = "active", row!.Status != "active");

    public Call Keep(Operator caller, ExpectedCredential? row, string id) =>
        Begin(caller, row, id, "keep", isGift: true) is var call && row is null ? call : Changing(
            call, row!, "credential.kept", _ => (row!.RevokesAt, row.RevokedBy, row.RevokedFor) = (null, null, null), row!.RevokesAt is not null);

    public Call Revoke(Operator caller, ExpectedCredential? row, string id)
    {
        Call call = Begin(caller, row, id, "revoke", isGift: false);
        DateTimeOffset now = world.Now;
        call.Json = [];
        double after = 0;
        if (draw.OneIn(2))
        {
            call.Json["afterSeconds"] = after = draw.Duration(call);
        }

        string? reason = draw.OneIn(3) ? "lost laptop" : null;
        CredentialCalls.Because(call, draw.OneIn(20) && (reason = new string('r', 2001)) is not null, "text_too_long");
        call.Json["reason"] = reason;
        if (row is null)
        {
            return call;
        }

        // Later than was decided is longer than was granted.
        call.IsForbidden |= row.RevokesAt is { } decided && !call.Reasons.Contains("duration_invalid") && now + TimeSpan.FromSeconds(after) > decided && !row.IsRevoked(now) && !world.MayGive(caller, row.Scopes);
        return Changing(call, row, "credential.revoked", _ =>
        {
            (row.RevokesAt, row.RevokedBy, row.RevokedFor) = (now + TimeSpan.FromSeconds(after), caller.Name, reason);
            if (after == 0)
            {
                row.Settle(now);
            }
        });
    }

    public Call Reveal(Operator caller, ExpectedCredential? row, string id)
    {
        Call call = world.About(caller, "POST", row, $"/credentials/{id}:reveal", "revealer", isGift: true);
        call.ShowsText = true;
        int? version = draw.OneIn(3) ? draw.Below(4) : null;
        call.Json = version is null ? null : new JsonObject { ["secretVersion"] = version };
        if (row is null)
        {
            return call;
        }

        ExpectedSecret? secret = version is null ? row.Current : row.Secrets.Find(known => known.Version == version);
        CredentialCalls.Because(call, row.IsRevoked(world.Now), "already_revoked");
        CredentialCalls.Because(call, secret is null or { IsDestroyed: true } or { IsRetrievable: false } || secret.RetiresAt <= world.Now, "not_retrievable");
        call.Events.Add(("credential.revealed", id));
        call.Apply = answer => Assert.Equal(secret!.Text, answer.GetProperty("text").GetString());
        return call;
    }

    private Call Begin(Operator caller, ExpectedCredential? row, string id, string verb, bool isGift)
    {
        Call call = world.About(caller, "POST", row, $"/credentials/{id}:{verb}", "manager", isGift);
        CredentialCalls.Because(call, row?.IsRevoked(world.Now) == true, "already_revoked");
        return call;
    }

    private static Call Changing(Call call, ExpectedCredential row, string action, Action<JsonElement> change, bool isChange = true)
    {
        if (isChange)
        {
            call.Events.Add((action, row.Id));
        }

        call.Apply = answer =>
        {
            change(answer);
            row.Version += isChange ? 1 : 0;
        };
        return call;
    }
}
