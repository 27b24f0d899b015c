using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>What concerns more than one row: who asks, the summary, the audit, and the APIs that there are.</summary>
internal static class OverviewEndpoints
{
    private const int ShownCredentials = 5;
    private const int ShownEvents = 10;

    // The words of the page, each with the policy behind it.
    private static readonly (string Word, ManagementRole Role)[] Abilities =
    [
        ("view", ManagementRole.Viewer), ("manage", ManagementRole.Manager), ("reveal", ManagementRole.Revealer),
        ("administer", ManagementRole.Administrator), ("integrations", ManagementRole.Integrations), ("apiTokens", ManagementRole.ApiTokens),
    ];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/me", GetMeAsync).Describe<MeAnswer>("Says who asks and what they may do, and gives what a change must carry.");
        api.MapGet("/summary", GetSummaryAsync).Describe<SummaryAnswer>("Counts credentials by state, and shows what comes next.").TakesFilters([], ListFields.None);
        api.MapGet("/audit", ListAuditAsync).Describe<ListAnswer<AuditEventAnswer>>("Lists what was done, the newest first.").TakesFilters([], ListFields.Application);
        api.MapGet("/catalogue", GetCatalogue).Describe<CatalogueAnswer>("Lists the APIs that an application can be connected to.");
    }

    private static async Task<IResult> GetMeAsync(ManagementRequest request, IAntiforgery antiforgery)
    {
        List<string> can = [];
        foreach ((string word, ManagementRole role) in Abilities)
        {
            if (await request.MayAsync(role, request.Context).ConfigureAwait(false))
            {
                can.Add(word);
            }
        }

        // Without no-cache the framework puts it there, and warns of that each time.
        request.Context.Response.Headers.CacheControl = "no-cache, no-store";
        AntiforgeryTokenSet tokens = antiforgery.GetAndStoreTokens(request.Context);
        var me = new MeAnswer(
            request.Actor.Name, can, request.Rows.Scope.Ids, new AntiforgeryAnswer(tokens.HeaderName!, tokens.RequestToken!), request.Options.Environments, request.Access.IsOpen, request.Now);
        return TypedResults.Json(me, ManagementJson.Default.MeAnswer);
    }

    private static async Task<IResult> GetSummaryAsync([AsParameters] ListQuery query, ManagementRequest request)
    {
        if (await request.ReadAsync(query).ConfigureAwait(false) is not { } filter)
        {
            return request.Refusal;
        }

        var workspace = new RowQuery { WorkspaceIds = filter.Rows.WorkspaceIds };
        Dictionary<string, int> counts = Word.All<CredentialState>().ToDictionary(static word => word, static _ => 0, StringComparer.Ordinal);
        CredentialOverview overview = await request.Rows.OverviewAsync(workspace.WorkspaceIds, request.Now, ShownCredentials).ConfigureAwait(false);
        foreach ((CredentialState state, int count) in overview.Counts)
        {
            counts[Word.Of(state)] = count;
        }

        int applications = await request.MayAsync(ManagementRole.Integrations, request.Context).ConfigureAwait(false) ? overview.Applications : 0;
        RowPage<AuditEvent> audit = await request.Rows.ListAuditAsync(workspace with { Limit = ShownEvents }).ConfigureAwait(false);
        var summary = new SummaryAnswer(
            counts,
            applications,
            await AnswerAsync(request, overview.Expiring).ConfigureAwait(false),
            await AnswerAsync(request, overview.Overdue).ConfigureAwait(false),
            (await request.AnswerAsync(audit, request.AnswerAsync).ConfigureAwait(false)).Items);
        return TypedResults.Json(summary, ManagementJson.Default.SummaryAnswer);
    }

    private static async ValueTask<IReadOnlyList<CredentialAnswer>> AnswerAsync(ManagementRequest request, IReadOnlyList<CredentialRecord> rows) =>
        (await request.AnswerAsync(new RowPage<CredentialRecord>(rows, null), request.AnswerAsync).ConfigureAwait(false)).Items;

    private static async Task<IResult> ListAuditAsync([AsParameters] ListQuery query, ManagementRequest request)
    {
        if (await request.ReadAsync(query).ConfigureAwait(false) is not { } filter
            || await request.ListAuditAsync(filter).ConfigureAwait(false) is not { } page)
        {
            return request.Refusal;
        }

        return TypedResults.Json(await request.AnswerAsync(page, request.AnswerAsync).ConfigureAwait(false), ManagementJson.Default.AuditEventAnswers);
    }

    private static JsonHttpResult<CatalogueAnswer> GetCatalogue(ManagementRequest request) =>
        TypedResults.Json(new CatalogueAnswer(request.Context.RequestServices.GetService<ConnectedApiCatalogue>()?.Read() ?? []), ManagementJson.Default.CatalogueAnswer);
}
