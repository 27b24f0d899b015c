using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>Workspaces: seen by viewers, made and changed by administrators.</summary>
internal static class WorkspaceEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/workspaces", ListAsync).Describe<ListAnswer<WorkspaceAnswer>>("Lists workspaces, the newest first.").TakesFilters([]);
        api.MapPost("/workspaces", CreateAsync).Describe<WorkspaceAnswer>("Creates a workspace.", StatusCodes.Status201Created).Takes<WorkspaceBody>();
        api.MapGet("/workspaces/{id}", GetAsync).Describe<WorkspaceAnswer>("Gets a workspace.");
        api.MapPatch("/workspaces/{id}", EditAsync).Describe<WorkspaceAnswer>("Changes a workspace.").Takes<WorkspacePatch>();
        api.MapDelete("/workspaces/{id}", DeleteAsync).Describe("Deletes a workspace to which nothing belongs.");
    }

    private static async Task<IResult> ListAsync([AsParameters] ListQuery query, ManagementRequest request)
    {
        if (await request.ReadAsync(query).ConfigureAwait(false) is not { } filter
            || await request.ListAsync<WorkspaceRecord>(filter).ConfigureAwait(false) is not { } page)
        {
            return request.Refusal;
        }

        return TypedResults.Json(await request.AnswerAsync(page, request.AnswerAsync).ConfigureAwait(false), ManagementJson.Default.WorkspaceAnswers);
    }

    private static async Task<IResult> CreateAsync(ManagementRequest request)
    {
        if (!request.RequireWhole() || await request.ReadAsync(ManagementJson.Default.WorkspaceBody).ConfigureAwait(false) is not { Value: var body })
        {
            return request.Refusal;
        }

        SecretDisclosure disclosure = SecretDisclosure.Once;
        if (body.Disclosure is not null && !Word.TryRead(body.Disclosure, out disclosure))
        {
            return ProblemAnswer.Result(ManagementOutcomes.InvalidRequest, "A disclosure is once or retrievable.");
        }

        if (!Duration.TryRead(body.DefaultLifetimeDays, TimeSpan.FromDays, out TimeSpan? lifetime)
            || !Duration.TryRead(body.RotationAgeDays, TimeSpan.FromDays, out TimeSpan? age)
            || !Duration.TryRead(body.RotationOverlapHours, TimeSpan.FromHours, out TimeSpan? overlap))
        {
            return ProblemAnswer.Result(ChangeStatus.DurationInvalid);
        }

        var workspace = new NewWorkspace { Name = body.Name, Disclosure = disclosure, BundleIdRequired = body.BundleIdRequired, DefaultLifetime = lifetime };
        workspace = workspace with { RotationAge = age ?? workspace.RotationAge, RotationOverlap = overlap ?? workspace.RotationOverlap };
        if (!await request.RequireAsync(ManagementRole.Administrator, workspace).ConfigureAwait(false))
        {
            return request.Refusal;
        }

        return await AnswerAsync(request, await request.Administration.CreateWorkspaceAsync(workspace, request.Actor, request.Cancellation).ConfigureAwait(false), isNew: true)
            .ConfigureAwait(false);
    }

    private static async Task<IResult> GetAsync(string id, ManagementRequest request) =>
        await request.FindAsync<WorkspaceRecord>(id, ManagementRole.Viewer).ConfigureAwait(false) is { } row
            ? await AnswerAsync(request, new RowResult<WorkspaceRecord>(ChangeStatus.Unchanged, row)).ConfigureAwait(false)
            : request.Refusal;

    private static async Task<IResult> EditAsync(string id, ManagementRequest request)
    {
        if (await request.FindAsync<WorkspaceRecord>(id, ManagementRole.Administrator).ConfigureAwait(false) is null
            || await request.ReadAsync(ManagementJson.Default.WorkspacePatch).ConfigureAwait(false) is not { } body)
        {
            return request.Refusal;
        }

        WorkspacePatch patch = body.Value;

        // Whoever a workspace belongs to must not switch its API access on again.
        if (patch.Enabled is not null && !request.RequireWhole())
        {
            return request.Refusal;
        }

        SecretDisclosure disclosure = SecretDisclosure.None;
        if ((patch.Disclosure is not null && !Word.TryRead(patch.Disclosure, out disclosure)) || body.HasNull("name", patch.Name) || body.HasNull("enabled", patch.Enabled)
            || body.HasNull("disclosure", patch.Disclosure) || body.HasNull("bundleIdRequired", patch.BundleIdRequired)
            || body.HasNull("rotationAgeDays", patch.RotationAgeDays) || body.HasNull("rotationOverlapHours", patch.RotationOverlapHours))
        {
            return ProblemAnswer.Result(ManagementOutcomes.InvalidRequest);
        }

        if (!Duration.TryRead(patch.DefaultLifetimeDays, TimeSpan.FromDays, out TimeSpan? lifetime)
            || !Duration.TryRead(patch.RotationAgeDays, TimeSpan.FromDays, out TimeSpan? age)
            || !Duration.TryRead(patch.RotationOverlapHours, TimeSpan.FromHours, out TimeSpan? overlap))
        {
            return ProblemAnswer.Result(ChangeStatus.DurationInvalid);
        }

        RowResult<WorkspaceRecord> result = await request.Administration.EditAsync<WorkspaceRecord>(
            id,
            request.Version,
            row => row with
            {
                Name = patch.Name ?? row.Name,
                Enabled = patch.Enabled ?? row.Enabled,
                Disclosure = patch.Disclosure is null ? row.Disclosure : disclosure,
                BundleIdRequired = patch.BundleIdRequired ?? row.BundleIdRequired,
                DefaultLifetime = body.Has("defaultLifetimeDays") ? lifetime : row.DefaultLifetime,
                RotationAge = age ?? row.RotationAge,
                RotationOverlap = overlap ?? row.RotationOverlap,
            },
            request.Actor,
            request.Cancellation).ConfigureAwait(false);
        return await AnswerAsync(request, result).ConfigureAwait(false);
    }

    private static async Task<IResult> DeleteAsync(string id, ManagementRequest request)
    {
        if (await request.FindAsync<WorkspaceRecord>(id, ManagementRole.Administrator).ConfigureAwait(false) is null || !request.RequireWhole())
        {
            return request.Refusal;
        }

        return ManagementRequest.Deleted(await request.Administration.DeleteAsync<WorkspaceRecord>(id, request.Version, request.Actor, request.Cancellation).ConfigureAwait(false));
    }

    private static async Task<IResult> AnswerAsync(ManagementRequest request, RowResult<WorkspaceRecord> result, bool isNew = false)
    {
        if (result.Row is not { } row)
        {
            return ProblemAnswer.Result(result.Status);
        }

        request.Announce(row, isNew);
        return TypedResults.Json(await request.AnswerAsync(row).ConfigureAwait(false), ManagementJson.Default.WorkspaceAnswer, statusCode: ManagementRequest.StatusOf(isNew));
    }
}
