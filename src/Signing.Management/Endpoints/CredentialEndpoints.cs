using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>Credentials: listed, created, changed and deleted; the rest of their life is in <see cref="CredentialLifeEndpoints"/>.</summary>
internal static class CredentialEndpoints
{
    private static readonly string[] States = Word.All<CredentialState>();

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/credentials", ListAsync).Describe<ListAnswer<CredentialAnswer>>("Lists credentials, the newest first.").TakesFilters(States, ListFields.Credentials);
        api.MapGet("/health", ListUnhealthyAsync).Describe<ListAnswer<CredentialAnswer>>("Lists credentials that somebody should look at, the newest first.").TakesFilters(States, ListFields.Credentials);
        api.MapPost("/credentials", CreateAsync).Describe<CredentialTextAnswer>("Creates a KeyPair, an ApiToken, or a long-lived token of a KeyPair.", StatusCodes.Status201Created)
            .Takes<CredentialBody>();
        api.MapGet("/credentials/{id}", GetAsync).Describe<CredentialAnswer>("Gets a credential.");
        api.MapPatch("/credentials/{id}", EditAsync).Describe<CredentialAnswer>("Changes a credential.").Takes<CredentialPatch>();
        api.MapDelete("/credentials/{id}", DeleteAsync).Describe("Revokes and deletes a credential, and its long-lived tokens.");
    }

    public static async Task<IResult> AnswerAsync(ManagementRequest request, RowResult<CredentialRecord> result)
    {
        if (result.Row is not { } row)
        {
            return ProblemAnswer.Result(result.Status);
        }

        request.Announce(row);
        return TypedResults.Json(await request.AnswerAsync(row).ConfigureAwait(false), ManagementJson.Default.CredentialAnswer);
    }

    public static async Task<IResult> AnswerAsync(ManagementRequest request, SecretResult result, bool isNew = false)
    {
        if (result is not { Credential: { } row, Text: { } text })
        {
            return ProblemAnswer.Result(result.Status);
        }

        request.Announce(row, isNew);
        return TypedResults.Json(
            new CredentialTextAnswer(await request.AnswerAsync(row).ConfigureAwait(false), text),
            ManagementJson.Default.CredentialTextAnswer,
            statusCode: ManagementRequest.StatusOf(isNew));
    }

    private static Task<IResult> ListAsync([AsParameters] ListQuery query, ManagementRequest request) => AnswerAsync(query, request, isHealthWanted: false);

    private static Task<IResult> ListUnhealthyAsync([AsParameters] ListQuery query, ManagementRequest request) => AnswerAsync(query, request, isHealthWanted: true);

    private static async Task<IResult> AnswerAsync(ListQuery query, ManagementRequest request, bool isHealthWanted)
    {
        if (await request.ReadAsync(query).ConfigureAwait(false) is not { } filter)
        {
            return request.Refusal;
        }

        bool isEveryWanted = filter is { State: null, Health: KeyHealth.None } && !isHealthWanted;
        if (await request.ListAsync<CredentialRecord>(filter, isEveryWanted ? null : row => IsWantedAsync(request, filter, isHealthWanted, row)).ConfigureAwait(false) is not { } page)
        {
            return request.Refusal;
        }

        return TypedResults.Json(await request.AnswerAsync(page, request.AnswerAsync).ConfigureAwait(false), ManagementJson.Default.CredentialAnswers);
    }

    private static async ValueTask<bool> IsWantedAsync(ManagementRequest request, ListFilter filter, bool isHealthWanted, CredentialRecord row)
    {
        if (filter.State is not null && Word.Of(CredentialStates.Of(row, request.Now)) != filter.State)
        {
            return false;
        }

        if (filter.Health == KeyHealth.None && !isHealthWanted)
        {
            return true;
        }

        TimeSpan rotationAge = RowAnswers.RotationAgeOf(await request.Rows.ReferredAsync<WorkspaceRecord>(row.WorkspaceId).ConfigureAwait(false));
        KeyHealth health = KeyHealthRules.Of(row, rotationAge, request.Now);
        return filter.Health == KeyHealth.None ? health != KeyHealth.None : health.HasFlag(filter.Health);
    }

    private static async Task<IResult> CreateAsync(ManagementRequest request)
    {
        if (await request.ReadAsync(ManagementJson.Default.CredentialBody).ConfigureAwait(false) is not { Value: var body }
            || await request.ReferAsync<ApplicationRecord>(body.ApplicationId).ConfigureAwait(false) is null)
        {
            return request.Refusal;
        }

        CredentialRecord? parent = null;
        if (body.ParentId is not null && (parent = await request.ReferAsync<CredentialRecord>(body.ParentId).ConfigureAwait(false)) is null)
        {
            return request.Refusal;
        }

        if (!Word.TryRead(body.Kind, out CredentialKind kind))
        {
            return ProblemAnswer.Result(ManagementOutcomes.InvalidRequest, "A kind is keyPair or apiToken.");
        }

        if (body.Environment is not null && !request.RequireEnvironment(body.Environment))
        {
            return request.Refusal;
        }

        var credential = new NewCredential
        {
            ApplicationId = body.ApplicationId,
            Kind = kind,
            Name = body.Name,
            ParentId = body.ParentId,

            // Never left open: a policy that judges by environment must see the one that it will be.
            Environment = body.Environment ?? parent?.Environment ?? request.Options.Environments[0],
            Scopes = body.Scopes ?? [],
            ClientSecretAllowed = body.ClientSecretAllowed,
            NotBefore = body.NotBefore,
            Expires = body.Expires,
            NeverExpires = body.NeverExpires,
        };
        if (!await request.RequireAsync(ManagementRole.Manager, credential).ConfigureAwait(false)
            || (kind == CredentialKind.ApiToken && !await request.RequireAsync(ManagementRole.ApiTokens, credential).ConfigureAwait(false))
            || !await request.RequireGrantAsync(credential.Scopes, credential).ConfigureAwait(false))
        {
            return request.Refusal;
        }

        return await AnswerAsync(request, await request.Administration.CreateCredentialAsync(credential, request.Actor, request.Cancellation).ConfigureAwait(false), isNew: true)
            .ConfigureAwait(false);
    }

    private static async Task<IResult> GetAsync(string id, ManagementRequest request) =>
        await request.FindAsync<CredentialRecord>(id, ManagementRole.Viewer).ConfigureAwait(false) is { } row
            ? await AnswerAsync(request, new RowResult<CredentialRecord>(ChangeStatus.Unchanged, row)).ConfigureAwait(false)
            : request.Refusal;

    private static async Task<IResult> EditAsync(string id, ManagementRequest request)
    {
        if (await request.FindAsync<CredentialRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is not { } found
            || await request.ReadAsync(ManagementJson.Default.CredentialPatch).ConfigureAwait(false) is not { } body
            || !await request.RequireGrantAsync(body.Value.Scopes ?? [], found).ConfigureAwait(false))
        {
            return request.Refusal;
        }

        CredentialPatch patch = body.Value;
        if (body.HasNull("name", patch.Name) || body.HasNull("scopes", patch.Scopes) || body.HasNull("clientSecretAllowed", patch.ClientSecretAllowed))
        {
            return ProblemAnswer.Result(ManagementOutcomes.InvalidRequest);
        }

        RowResult<CredentialRecord> result = await request.Administration.EditAsync<CredentialRecord>(
            id,
            request.Version,
            row => row with
            {
                Name = patch.Name ?? row.Name,
                Scopes = patch.Scopes ?? row.Scopes,
                ClientSecretAllowed = patch.ClientSecretAllowed ?? row.ClientSecretAllowed,
            },
            request.Actor,
            request.Cancellation).ConfigureAwait(false);
        return await AnswerAsync(request, result).ConfigureAwait(false);
    }

    private static async Task<IResult> DeleteAsync(string id, ManagementRequest request) =>
        await request.FindAsync<CredentialRecord>(id, ManagementRole.Manager).ConfigureAwait(false) is null
            ? request.Refusal
            : ManagementRequest.Deleted(await request.Administration.DeleteAsync<CredentialRecord>(id, request.Version, request.Actor, request.Cancellation).ConfigureAwait(false));
}
