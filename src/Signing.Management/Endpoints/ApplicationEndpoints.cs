using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>Applications: for those who may see integrations, made and changed by managers.</summary>
internal static class ApplicationEndpoints
{
    private static readonly string[] States = [Word.Of(StoredStatus.Active), Word.Of(StoredStatus.Suspended)];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/applications", ListAsync).Describe<ListAnswer<ApplicationAnswer>>("Lists applications, the newest first.").TakesFilters(States);
        api.MapPost("/applications", CreateAsync).Describe<NewApplicationAnswer>("Creates an application, and with it a KeyPair if one is asked for: both or neither.", StatusCodes.Status201Created)
            .Takes<ApplicationBody>();
        api.MapGet("/applications/{id}", GetAsync).Describe<ApplicationAnswer>("Gets an application.");
        api.MapPatch("/applications/{id}", EditAsync).Describe<ApplicationAnswer>("Changes an application.").Takes<ApplicationPatch>();
        api.MapDelete("/applications/{id}", DeleteAsync).Describe("Revokes and deletes an application's credentials, and deletes it.");
        api.MapPost("/applications/{id}:suspend", SuspendAsync).Describe<ApplicationAnswer>("Refuses an application's credentials until it is resumed.");
        api.MapPost("/applications/{id}:resume", ResumeAsync).Describe<ApplicationAnswer>("Accepts a suspended application's credentials again.");
    }

    private static async Task<IResult> ListAsync([AsParameters] ListQuery query, ManagementRequest request)
    {
        if (!await request.RequireAsync(ManagementRole.Integrations, request.Context).ConfigureAwait(false)
            || await request.ReadAsync(query).ConfigureAwait(false) is not { } filter
            || await request.ListAsync<ApplicationRecord>(filter, filter.State is null ? null : row => ValueTask.FromResult(Word.Of(row.Status) == filter.State))
                .ConfigureAwait(false) is not { } page)
        {
            return request.Refusal;
        }

        return TypedResults.Json(await request.AnswerAsync(page, request.AnswerAsync).ConfigureAwait(false), ManagementJson.Default.ApplicationAnswers);
    }

    private static async Task<IResult> CreateAsync(ManagementRequest request)
    {
        if (!await request.RequireAsync(ManagementRole.Integrations, request.Context).ConfigureAwait(false)
            || await request.ReadAsync(ManagementJson.Default.ApplicationBody).ConfigureAwait(false) is not { Value: var body }
            || await request.ReferAsync<WorkspaceRecord>(body.WorkspaceId).ConfigureAwait(false) is null)
        {
            return request.Refusal;
        }

        var application = new NewApplication
        {
            WorkspaceId = body.WorkspaceId,
            Name = body.Name,
            BundleId = body.BundleId,
            Description = body.Description,
            ConnectedApis = body.ConnectedApis ?? [],
        };
        if (!await request.RequireAsync(ManagementRole.Manager, application).ConfigureAwait(false))
        {
            return request.Refusal;
        }

        if (body.Credential is not null)
        {
            return await CreateWithCredentialAsync(request, application, body.Credential).ConfigureAwait(false);
        }

        RowResult<ApplicationRecord> result = await request.Administration.CreateApplicationAsync(application, request.Actor, request.Cancellation).ConfigureAwait(false);
        return await CreatedAsync(request, new ApplicationResult(result.Status, result.Row, null, null)).ConfigureAwait(false);
    }

    private static async Task<IResult> CreateWithCredentialAsync(ManagementRequest request, NewApplication application, FirstCredentialBody body)
    {
        var credential = new NewCredential
        {
            Kind = CredentialKind.KeyPair,
            Name = body.Name,
            Environment = body.Environment ?? request.Options.Environments[0],
            Scopes = body.Scopes ?? [],
            Expires = body.Expires,
            NeverExpires = body.NeverExpires,
        };
        if (!request.RequireEnvironment(credential.Environment)
            || !await request.RequireAsync(ManagementRole.Manager, credential).ConfigureAwait(false)
            || !await request.RequireGrantAsync(credential.Scopes, credential).ConfigureAwait(false))
        {
            return request.Refusal;
        }

        return await CreatedAsync(request, await request.Administration.CreateApplicationWithCredentialAsync(application, credential, request.Actor, request.Cancellation)
            .ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task<IResult> CreatedAsync(ManagementRequest request, ApplicationResult result)
    {
        if (result.Application is not { } row)
        {
            return ProblemAnswer.Result(result.Status);
        }

        request.Announce(row, isNew: true);
        CredentialAnswer? credential = result.Credential is null ? null : await request.AnswerAsync(result.Credential).ConfigureAwait(false);
        return TypedResults.Json(
            new NewApplicationAnswer(await request.AnswerAsync(row).ConfigureAwait(false), credential, result.Text),
            ManagementJson.Default.NewApplicationAnswer,
            statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> GetAsync(string id, ManagementRequest request) =>
        await request.FindAsync<ApplicationRecord>(id, ManagementRole.Viewer).ConfigureAwait(false) is { } row
            ? await AnswerAsync(request, new RowResult<ApplicationRecord>(ChangeStatus.Unchanged, row)).ConfigureAwait(false)
            : request.Refusal;

    private static async Task<IResult> EditAsync(string id, ManagementRequest request)
    {
        if (await request.FindAsync<ApplicationRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is null
            || await request.ReadAsync(ManagementJson.Default.ApplicationPatch).ConfigureAwait(false) is not { } body)
        {
            return request.Refusal;
        }

        ApplicationPatch patch = body.Value;
        if (body.HasNull("name", patch.Name) || body.HasNull("connectedApis", patch.ConnectedApis))
        {
            return ProblemAnswer.Result(ManagementOutcomes.InvalidRequest);
        }

        return await ChangeAsync(id, request, row => row with
        {
            Name = patch.Name ?? row.Name,
            BundleId = body.Has("bundleId") ? patch.BundleId : row.BundleId,
            Description = body.Has("description") ? patch.Description : row.Description,
            ConnectedApis = patch.ConnectedApis ?? row.ConnectedApis,
        }).ConfigureAwait(false);
    }

    private static Task<IResult> SuspendAsync(string id, ManagementRequest request) => SetAsync(id, request, StoredStatus.Suspended);

    private static async Task<IResult> ResumeAsync(string id, ManagementRequest request)
    {
        if (await request.FindAsync<ApplicationRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is null)
        {
            return request.Refusal;
        }

        // Its credentials come back with it: whoever may not resume one of them does not do it this way.
        await foreach (CredentialRecord credential in request.Rows.AllAsync<CredentialRecord>(new RowQuery { ApplicationId = id }).ConfigureAwait(false))
        {
            if (!CredentialStates.IsRevoked(credential, request.Now)
                && !(await request.RequireAsync(ManagementRole.Manager, credential).ConfigureAwait(false) && await request.RequireGrantAsync(credential.Scopes, credential).ConfigureAwait(false)))
            {
                return request.Refusal;
            }
        }

        return await SetAsync(id, request, StoredStatus.Active).ConfigureAwait(false);
    }

    private static async Task<IResult> SetAsync(string id, ManagementRequest request, StoredStatus status) =>
        await request.FindAsync<ApplicationRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is null
        || await request.ReadAsync(ManagementJson.Default.NoBody).ConfigureAwait(false) is null
            ? request.Refusal
            : await ChangeAsync(id, request, row => row with { Status = status }).ConfigureAwait(false);

    private static async Task<IResult> DeleteAsync(string id, ManagementRequest request)
    {
        if (await request.FindAsync<ApplicationRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is null)
        {
            return request.Refusal;
        }

        // Its credentials go with it: whoever may not delete one of them does not get rid of it this way.
        await foreach (CredentialRecord credential in request.Rows.AllAsync<CredentialRecord>(new RowQuery { ApplicationId = id }).ConfigureAwait(false))
        {
            if (!await request.RequireAsync(ManagementRole.Manager, credential).ConfigureAwait(false))
            {
                return request.Refusal;
            }
        }

        return ManagementRequest.Deleted(await request.Administration.DeleteAsync<ApplicationRecord>(id, request.Version, request.Actor, request.Cancellation).ConfigureAwait(false));
    }

    private static async Task<IResult> ChangeAsync(string id, ManagementRequest request, Func<ApplicationRecord, ApplicationRecord> edit) =>
        await AnswerAsync(request, await request.Administration.EditAsync(id, request.Version, edit, request.Actor, request.Cancellation).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task<IResult> AnswerAsync(ManagementRequest request, RowResult<ApplicationRecord> result)
    {
        if (result.Row is not { } row)
        {
            return ProblemAnswer.Result(result.Status);
        }

        request.Announce(row);
        return TypedResults.Json(await request.AnswerAsync(row).ConfigureAwait(false), ManagementJson.Default.ApplicationAnswer);
    }
}
