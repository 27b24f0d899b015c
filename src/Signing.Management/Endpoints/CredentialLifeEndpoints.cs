using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>The life of a credential: its Secret replaced and shown, its end moved, itself suspended and revoked.</summary>
internal static class CredentialLifeEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/credentials/{id}:rotate", RotateAsync).Describe<CredentialTextAnswer>("Gives a KeyPair another Secret; the former one is accepted for an overlap.").Takes<RotateBody>(isOptional: true);
        api.MapPost("/credentials/{id}:retire", RetireAsync).Describe<CredentialAnswer>("Ends the former Secret of a KeyPair now.");
        api.MapPost("/credentials/{id}:renew", RenewAsync).Describe<CredentialAnswer>("Gives a credential another end, or none; an expired one comes back.").Takes<RenewBody>();
        api.MapPost("/credentials/{id}:suspend", SuspendAsync).Describe<CredentialAnswer>("Refuses a credential until it is resumed.");
        api.MapPost("/credentials/{id}:resume", ResumeAsync).Describe<CredentialAnswer>("Accepts a suspended credential again.");
        api.MapPost("/credentials/{id}:keep", KeepAsync).Describe<CredentialAnswer>("Takes back a revocation whose instant has not come.");
        api.MapPost("/credentials/{id}:revoke", RevokeAsync).Describe<CredentialAnswer>("Refuses a credential for good, now or after a while.").Takes<RevokeBody>(isOptional: true);
        api.MapPost("/credentials/{id}:reveal", RevealAsync).Describe<CredentialTextAnswer>("Shows a Secret that may be shown again; that it was shown is in the audit first.").Takes<RevealBody>(isOptional: true);
    }

    private static async Task<IResult> RotateAsync(string id, ManagementRequest request)
    {
        // Whoever is given the Secret of a credential may do what it may.
        if (await request.FindAsync<CredentialRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is not { } row
            || !await request.RequireGrantAsync(row.Scopes, row).ConfigureAwait(false)
            || await request.ReadAsync(ManagementJson.Default.RotateBody).ConfigureAwait(false) is not { Value: var body })
        {
            return request.Refusal;
        }

        if (!Duration.TryRead(body.OverlapSeconds, TimeSpan.FromSeconds, out TimeSpan? overlap))
        {
            return ProblemAnswer.Result(ChangeStatus.DurationInvalid);
        }

        return await CredentialEndpoints.AnswerAsync(request, await request.Administration.RotateAsync(id, request.Version, overlap, request.Actor, request.Cancellation)
            .ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task<IResult> RevealAsync(string id, ManagementRequest request)
    {
        if (await request.FindAsync<CredentialRecord>(id, ManagementRole.Revealer).ConfigureAwait(false) is not { } row
            || !await request.RequireGrantAsync(row.Scopes, row).ConfigureAwait(false)
            || await request.ReadAsync(ManagementJson.Default.RevealBody).ConfigureAwait(false) is not { Value: var body })
        {
            return request.Refusal;
        }

        return await CredentialEndpoints.AnswerAsync(request, await request.Administration.RevealAsync(id, body.SecretVersion, request.Actor, request.Cancellation)
            .ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task<IResult> RenewAsync(string id, ManagementRequest request)
    {
        if (await request.FindAsync<CredentialRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is not { } row
            || !await request.RequireGrantAsync(row.Scopes, row).ConfigureAwait(false)
            || await request.ReadAsync(ManagementJson.Default.RenewBody).ConfigureAwait(false) is not { Value: var body })
        {
            return request.Refusal;
        }

        return await CredentialEndpoints.AnswerAsync(request, await request.Administration.RenewAsync(id, request.Version, body.Expires, request.Actor, request.Cancellation)
            .ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task<IResult> RevokeAsync(string id, ManagementRequest request)
    {
        if (await request.FindAsync<CredentialRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is null
            || await request.ReadAsync(ManagementJson.Default.RevokeBody).ConfigureAwait(false) is not { Value: var body })
        {
            return request.Refusal;
        }

        if (!Duration.TryRead(body.AfterSeconds, TimeSpan.FromSeconds, out TimeSpan? after))
        {
            return ProblemAnswer.Result(ChangeStatus.DurationInvalid);
        }

        return await CredentialEndpoints.AnswerAsync(
            request,
            await request.Administration.RevokeAsync(id, request.Version, body.Reason, after ?? TimeSpan.Zero, request.Actor, request.Cancellation).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static Task<IResult> RetireAsync(string id, ManagementRequest request) => ChangeAsync(id, request, request.Administration.RetireAsync);

    private static Task<IResult> SuspendAsync(string id, ManagementRequest request) => ChangeAsync(id, request, request.Administration.SuspendAsync);

    private static Task<IResult> ResumeAsync(string id, ManagementRequest request) => ChangeAsync(id, request, request.Administration.ResumeAsync, isGrant: true);

    private static Task<IResult> KeepAsync(string id, ManagementRequest request) => ChangeAsync(id, request, request.Administration.KeepAsync, isGrant: true);

    // To bring back what was ended is to give it again.
    private static async Task<IResult> ChangeAsync(
        string id, ManagementRequest request, Func<string, long?, Actor, CancellationToken, Task<RowResult<CredentialRecord>>> change, bool isGrant = false)
    {
        if (await request.FindAsync<CredentialRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is not { } row
            || (isGrant && !await request.RequireGrantAsync(row.Scopes, row).ConfigureAwait(false))
            || await request.ReadAsync(ManagementJson.Default.NoBody).ConfigureAwait(false) is null)
        {
            return request.Refusal;
        }

        return await CredentialEndpoints.AnswerAsync(request, await change(id, request.Version, request.Actor, request.Cancellation).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
