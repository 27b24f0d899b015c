using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>Sharing keys: seen from both sides, made and changed by managers of the workspace that grants them.</summary>
internal static class SharingKeyEndpoints
{
    private static readonly string[] States =
        [.. new[] { CredentialState.Active, CredentialState.Expired, CredentialState.Suspended, CredentialState.Revoked }.Select(Word.Of)];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/sharing-keys", ListAsync).Describe<ListAnswer<SharingKeyAnswer>>("Lists sharing keys, the newest first.").TakesFilters(States);
        api.MapPost("/sharing-keys", CreateAsync).Describe<SharingKeyTextAnswer>("Creates a sharing key.", StatusCodes.Status201Created).Takes<SharingKeyBody>();
        api.MapGet("/sharing-keys/{id}", GetAsync).Describe<SharingKeyAnswer>("Gets a sharing key.");
        api.MapPatch("/sharing-keys/{id}", EditAsync).Describe<SharingKeyAnswer>("Changes a sharing key.").Takes<SharingKeyPatch>();
        api.MapDelete("/sharing-keys/{id}", DeleteAsync).Describe("Deletes a sharing key.");
        api.MapPost("/sharing-keys/{id}:revoke", RevokeAsync).Describe<SharingKeyAnswer>("Refuses a sharing key for good, and the tokens that were issued for it.");
    }

    private static async Task<IResult> ListAsync([AsParameters] ListQuery query, ManagementRequest request)
    {
        if (await request.ReadAsync(query).ConfigureAwait(false) is not { } filter
            || await request.ListAsync<SharingKeyRecord>(filter, filter.State is null ? null : row => ValueTask.FromResult(RowAnswers.StateOf(row, request.Now) == filter.State))
                .ConfigureAwait(false) is not { } page)
        {
            return request.Refusal;
        }

        return TypedResults.Json(await request.AnswerAsync(page, request.AnswerAsync).ConfigureAwait(false), ManagementJson.Default.SharingKeyAnswers);
    }

    private static async Task<IResult> CreateAsync(ManagementRequest request)
    {
        if (await request.ReadAsync(ManagementJson.Default.SharingKeyBody).ConfigureAwait(false) is not { Value: var body }
            || await request.ReferAsync<WorkspaceRecord>(body.GrantorWorkspaceId).ConfigureAwait(false) is null
            || (body.GranteeWorkspaceId is not null && await request.ReferAsync<WorkspaceRecord>(body.GranteeWorkspaceId).ConfigureAwait(false) is null)
            || (body.GranteeApplicationId is not null && await request.ReferAsync<ApplicationRecord>(body.GranteeApplicationId).ConfigureAwait(false) is null))
        {
            return request.Refusal;
        }

        var sharingKey = new NewSharingKey
        {
            GrantorWorkspaceId = body.GrantorWorkspaceId,
            GranteeWorkspaceId = body.GranteeWorkspaceId,
            GranteeApplicationId = body.GranteeApplicationId,
            Name = body.Name,
            Scopes = body.Scopes ?? [],
            Expires = body.Expires,
        };
        if (!await request.RequireAsync(ManagementRole.Manager, sharingKey).ConfigureAwait(false) || !await request.RequireGrantAsync(sharingKey.Scopes, sharingKey).ConfigureAwait(false))
        {
            return request.Refusal;
        }

        SharingKeyResult result = await request.Administration.CreateSharingKeyAsync(sharingKey, request.Actor, request.Cancellation).ConfigureAwait(false);
        if (result is not { SharingKey: { } row, Text: { } text })
        {
            return ProblemAnswer.Result(result.Status);
        }

        request.Announce(row, isNew: true);
        return TypedResults.Json(
            new SharingKeyTextAnswer(await request.AnswerAsync(row).ConfigureAwait(false), text), ManagementJson.Default.SharingKeyTextAnswer, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> GetAsync(string id, ManagementRequest request) =>
        await request.FindAsync<SharingKeyRecord>(id, ManagementRole.Viewer).ConfigureAwait(false) is { } row
            ? await AnswerAsync(request, new RowResult<SharingKeyRecord>(ChangeStatus.Unchanged, row)).ConfigureAwait(false)
            : request.Refusal;

    private static async Task<IResult> EditAsync(string id, ManagementRequest request)
    {
        Body<SharingKeyPatch>? body = null;
        return await request.TryAsync(async () =>
        {
            if (await request.FindAsync<SharingKeyRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is not { } found
                || (body ??= await request.ReadAsync(ManagementJson.Default.SharingKeyPatch).ConfigureAwait(false)) is not { } sent
                || !await request.RequireGrantAsync(GivenBy(sent, found), found).ConfigureAwait(false))
            {
                return (ChangeStatus.None, request.Refusal);
            }

            return await ChangeAsync(id, request, found.Version, sent).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    // Another end, or the end of a suspension, gives again what the key has.
    private static IReadOnlyList<string> GivenBy(Body<SharingKeyPatch> body, SharingKeyRecord row) =>
        body.Value.Scopes ?? (body.Has("expires") || body.Value.Status == Word.Of(StoredStatus.Active) ? row.Scopes : []);

    private static async Task<(ChangeStatus Status, IResult Answer)> ChangeAsync(string id, ManagementRequest request, long version, Body<SharingKeyPatch> body)
    {
        SharingKeyPatch patch = body.Value;
        StoredStatus status = StoredStatus.None;
        if (body.HasNull("name", patch.Name) || body.HasNull("scopes", patch.Scopes) || body.HasNull("status", patch.Status)
            || (patch.Status is not null && !(Word.TryRead(patch.Status, out status) && status is StoredStatus.Active or StoredStatus.Suspended)))
        {
            return (ChangeStatus.None, ProblemAnswer.Result(ManagementOutcomes.InvalidRequest));
        }

        RowResult<SharingKeyRecord> result = await request.Administration.EditAsync<SharingKeyRecord>(
            id,
            version,
            row => row with
            {
                Name = patch.Name ?? row.Name,
                Scopes = patch.Scopes ?? row.Scopes,
                Expires = body.Has("expires") ? patch.Expires : row.Expires,
                Status = patch.Status is null ? row.Status : status,
            },
            request.Actor,
            request.Cancellation).ConfigureAwait(false);
        return (result.Status, await AnswerAsync(request, result).ConfigureAwait(false));
    }

    private static async Task<IResult> RevokeAsync(string id, ManagementRequest request)
    {
        if (await request.FindAsync<SharingKeyRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is null
            || await request.ReadAsync(ManagementJson.Default.NoBody).ConfigureAwait(false) is null)
        {
            return request.Refusal;
        }

        return await AnswerAsync(request, await request.Administration.RevokeSharingKeyAsync(id, request.Version, request.Actor, request.Cancellation).ConfigureAwait(false))
            .ConfigureAwait(false);
    }

    private static async Task<IResult> DeleteAsync(string id, ManagementRequest request) =>
        await request.FindAsync<SharingKeyRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is null
            ? request.Refusal
            : ManagementRequest.Deleted(await request.Administration.DeleteAsync<SharingKeyRecord>(id, request.Version, request.Actor, request.Cancellation).ConfigureAwait(false));

    private static async Task<IResult> AnswerAsync(ManagementRequest request, RowResult<SharingKeyRecord> result)
    {
        if (result.Row is not { } row)
        {
            return ProblemAnswer.Result(result.Status);
        }

        request.Announce(row);
        return TypedResults.Json(await request.AnswerAsync(row).ConfigureAwait(false), ManagementJson.Default.SharingKeyAnswer);
    }
}
