using System.Text.Json.Serialization.Metadata;
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

    // Whoever is given the Secret of a credential may do what it may.
    private static Task<IResult> RotateAsync(string id, ManagementRequest request) => GiveAsync(id, request, ManagementJson.Default.RotateBody, async (version, body) =>
    {
        SecretResult result = Duration.TryRead(body.OverlapSeconds, TimeSpan.FromSeconds, out TimeSpan? overlap)
            ? await request.Administration.RotateAsync(id, version, overlap, request.Actor, request.Cancellation).ConfigureAwait(false)
            : new SecretResult(ChangeStatus.DurationInvalid, null, null);
        return (result.Status, await CredentialEndpoints.AnswerAsync(request, result).ConfigureAwait(false));
    });

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

    private static Task<IResult> RenewAsync(string id, ManagementRequest request) => GiveAsync(id, request, ManagementJson.Default.RenewBody, async (version, body) =>
        await AnswerAsync(request, await request.Administration.RenewAsync(id, version, body.Expires, request.Actor, request.Cancellation).ConfigureAwait(false)).ConfigureAwait(false));

    // To bring back what was ended is to give it again.
    private static Task<IResult> ResumeAsync(string id, ManagementRequest request) => GiveAsync(id, request, ManagementJson.Default.NoBody, async (version, _) =>
        await AnswerAsync(request, await request.Administration.ResumeAsync(id, version, request.Actor, request.Cancellation).ConfigureAwait(false)).ConfigureAwait(false));

    private static Task<IResult> KeepAsync(string id, ManagementRequest request) => GiveAsync(id, request, ManagementJson.Default.NoBody, async (version, _) =>
        await AnswerAsync(request, await request.Administration.KeepAsync(id, version, request.Actor, request.Cancellation).ConfigureAwait(false)).ConfigureAwait(false));

    private static async Task<IResult> RevokeAsync(string id, ManagementRequest request)
    {
        Body<RevokeBody>? body = null;
        return await request.TryAsync(async () =>
        {
            if (await request.FindAsync<CredentialRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is not { } row
                || (body ??= await request.ReadAsync(ManagementJson.Default.RevokeBody).ConfigureAwait(false)) is not { Value: var sent })
            {
                return (ChangeStatus.None, request.Refusal);
            }

            if (!Duration.TryRead(sent.AfterSeconds, TimeSpan.FromSeconds, out TimeSpan? after))
            {
                return (ChangeStatus.DurationInvalid, ProblemAnswer.Result(ChangeStatus.DurationInvalid));
            }

            // To put off an end that was decided is to keep the credential until the later one.
            if (request.Now + after > row.RevokesAt && !CredentialStates.IsRevoked(row, request.Now) && !await request.RequireGrantAsync(row.Scopes, row).ConfigureAwait(false))
            {
                return (ChangeStatus.None, request.Refusal);
            }

            return await AnswerAsync(
                request,
                await request.Administration.RevokeAsync(id, row.Version, sent.Reason, after ?? TimeSpan.Zero, request.Actor, request.Cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private static Task<IResult> RetireAsync(string id, ManagementRequest request) => ChangeAsync(id, request, request.Administration.RetireAsync);

    private static Task<IResult> SuspendAsync(string id, ManagementRequest request) => ChangeAsync(id, request, request.Administration.SuspendAsync);

    // What a credential may is looked at, so it is that version which is changed.
    private static async Task<IResult> GiveAsync<T>(string id, ManagementRequest request, JsonTypeInfo<T> type, Func<long, T, Task<(ChangeStatus Status, IResult Answer)>> give)
        where T : class
    {
        Body<T>? body = null;
        return await request.TryAsync(async () =>
        {
            return await request.FindAsync<CredentialRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is { } row
                && await request.RequireGrantAsync(row.Scopes, row).ConfigureAwait(false)
                && (body ??= await request.ReadAsync(type).ConfigureAwait(false)) is { Value: var sent }
                ? await give(row.Version, sent).ConfigureAwait(false)
                : (ChangeStatus.None, request.Refusal);
        }).ConfigureAwait(false);
    }

    private static async Task<(ChangeStatus Status, IResult Answer)> AnswerAsync(ManagementRequest request, RowResult<CredentialRecord> result) =>
        (result.Status, await CredentialEndpoints.AnswerAsync(request, result).ConfigureAwait(false));

    private static async Task<IResult> ChangeAsync(
        string id, ManagementRequest request, Func<string, long?, Actor, CancellationToken, Task<RowResult<CredentialRecord>>> change) =>
        await request.FindAsync<CredentialRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is null
        || await request.ReadAsync(ManagementJson.Default.NoBody).ConfigureAwait(false) is null
            ? request.Refusal
            : await CredentialEndpoints.AnswerAsync(request, await change(id, request.Version, request.Actor, request.Cancellation).ConfigureAwait(false)).ConfigureAwait(false);
}
