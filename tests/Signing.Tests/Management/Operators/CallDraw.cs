using System.Net.Http.Headers;

namespace Signing.Tests.Management.Operators;

/// <summary>Draws the next call: about which row, with which version, and now and then wrong in its form or from elsewhere.</summary>
internal sealed class CallDraw(World world, Draw draw)
{
    public WorkspaceCalls Workspaces { get; } = new(world, draw);

    public ApplicationCalls Applications { get; } = new(world, draw);

    public CredentialCalls Credentials { get; } = new(world, draw);

    public LifeCalls Life { get; } = new(world, draw);

    public SharingKeyCalls SharingKeys { get; } = new(world, draw);

    public Call Next(Operator caller, bool isOdd)
    {
        Call call = Usual(caller);
        bool isAboutRow = !(call.Method == "POST" && !call.Path.Contains(':', StringComparison.Ordinal));
        if (isAboutRow && draw.OneIn(2))
        {
            Match(call);
        }

        if (isOdd)
        {
            Spoil(call);
        }

        return call;
    }

    private Call Usual(Operator caller)
    {
        (ExpectedCredential? credential, string id) = Any(world.Credentials, "crd_");
        (ExpectedApplication? application, string app) = Any(world.Applications, "app_");
        (ExpectedSharingKey? shared, string shk) = Any(world.SharingKeys, "shk_");
        (ExpectedWorkspace? workspace, string ws) = Any(world.Workspaces, "ws_");
        switch (draw.Below(29))
        {
            case 0: return Workspaces.Create(caller);
            case 1 or 2: return Workspaces.Edit(caller, workspace, ws);
            case 3: return Workspaces.Delete(caller, workspace, ws);
            case 4 or 5: return Applications.Create(caller, workspace, ws);
            case 6: return Applications.Edit(caller, application, app);
            case 7: return Applications.Suspend(caller, application, app, isSuspended: true);
            case 8 or 9: return Applications.Suspend(caller, application, app, isSuspended: false);
            case 10 when draw.OneIn(3): return Applications.Delete(caller, application, app);
            case 11 or 12 or 13:
                return draw.OneIn(2) ? Credentials.Create(caller, application, app, null, null)
                    : credential is null || draw.OneIn(5) ? Credentials.Create(caller, application, app, credential, id)
                    : Credentials.Create(caller, credential.Application, credential.Application.Id, credential, id);
            case 14 or 15: return Credentials.Edit(caller, credential, id);
            case 16 when draw.OneIn(2): return Credentials.Delete(caller, credential, id);
            case 17 or 18: return Life.Rotate(caller, credential, id);
            case 19: return Life.Retire(caller, credential, id);
            case 20: return Life.Renew(caller, credential, id);
            case 21: return draw.OneIn(2) ? Life.Suspend(caller, credential, id) : Life.Resume(caller, credential, id);
            case 22: return Life.Revoke(caller, credential, id);
            case 23: return Life.Keep(caller, credential, id);
            case 24: return Life.Reveal(caller, credential, id);
            case 25:
                (ExpectedWorkspace? grantee, string granteeId) = Any(world.Workspaces, "ws_");
                bool isToApplication = draw.OneIn(3);
                bool isToWorkspace = draw.OneIn(2);
                return SharingKeys.Create(caller, workspace, ws, isToWorkspace ? grantee : null, isToWorkspace ? granteeId : null, isToApplication ? application : null, isToApplication ? app : null);
            case 26 or 27: return SharingKeys.Edit(caller, shared, shk);
            case 28 when draw.OneIn(2): return SharingKeys.Revoke(caller, shared, shk);
            default: return draw.OneIn(2) ? SharingKeys.Delete(caller, shared, shk) : Life.Resume(caller, credential, id);
        }
    }

    private (T? Row, string Id) Any<T>(IReadOnlyList<T> rows, string kind)
        where T : ExpectedRow
    {
        if (rows.Count > 0 && !draw.OneIn(12))
        {
            T row = draw.Pick(rows);
            return (row, row.Id);
        }

        // Nobody's, or an id of another kind.
        ExpectedRow[] others = [.. world.Rows.Where(row => !row.Id.StartsWith(kind, StringComparison.Ordinal))];
        return (null, draw.OneIn(2) || others.Length == 0 ? kind + new string('7', 22) : draw.Pick(others).Id);
    }

    private void Match(Call call)
    {
        ExpectedRow? row = world.Rows.FirstOrDefault(known => call.Path.Contains(known.Id, StringComparison.Ordinal));
        long version = row?.Version ?? 1;
        (string tag, bool isMatch) = draw.Below(9) switch
        {
            0 => ($"\"{version - 1}\"", false),
            1 => ($"\"{version + 1}\"", false),
            2 => ($"W/\"{version}\"", false),
            3 => (version.ToString(System.Globalization.CultureInfo.InvariantCulture), false),
            4 => ("*", true),
            5 => ($"\"x\", \"{version}\"", true),
            6 => ($"\"{version}", false),
            _ => ($"\"{version}\"", true),
        };
        call.IfMatch = tag;
        if (!isMatch)
        {
            call.Misshapen.Add("version_mismatch");
        }
    }

    private void Spoil(Call call)
    {
        bool isPerson = call.Caller.Credential is null;
        switch (draw.Below(isPerson ? 6 : 2))
        {
            case 0 or 1 when call.Method != "DELETE":
                draw.Misshape(call);
                break;
            case 2 when call.Method != "DELETE":
                call.Raw ??= "{}";
                call.Touch = static request => request.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
                call.Misshapen.Add("unsupported_media_type");
                break;
            case 3:
                call.Touch = static request => request.Headers.Remove("RequestVerificationToken");
                call.Only ??= "antiforgery_failed";
                break;
            case 4:
                call.Touch = static request => Replace(request, "Origin", "https://evil.example");
                call.Only ??= "antiforgery_failed";
                break;
            case 5:
                call.Touch = static request => Replace(request, "Sec-Fetch-Site", "cross-site");
                call.Only ??= "antiforgery_failed";
                break;
        }
    }

    private static void Replace(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.Add(name, value);
    }
}
