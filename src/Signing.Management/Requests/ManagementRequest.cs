using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>One request of somebody whom the gate has let in: who they are, what they see, and what they may do.</summary>
/// <remarks>The methods that find or read give nothing where the request is refused, and <see cref="Refusal"/> says why.</remarks>
internal sealed class ManagementRequest(HttpContext context, ManagementContext management, ManagementRows rows, Actor actor)
{
    private const int MaxTries = 16;

    private IResult? _refusal;

    public HttpContext Context => context;

    public ManagementOptions Options => management.Options;

    public ManagementAccess Access => management.Access;

    public CredentialAdministration Administration => management.Administration;

    public ManagementRows Rows => rows;

    public Actor Actor => actor;

    public DateTimeOffset Now => management.Time.GetUtcNow();

    public CancellationToken Cancellation => context.RequestAborted;

    /// <summary>The version that a change is meant for, by <c>If-Match</c>; <see langword="null"/> for whatever is stored.</summary>
    public long? Version { get; private set; }

    /// <summary>Why the request is refused.</summary>
    public IResult Refusal => _refusal ?? throw new InvalidOperationException("Nothing was refused.");

    public static ValueTask<ManagementRequest?> BindAsync(HttpContext context) => new(context.Features.Get<ManagementRequest>());

    public static string ETagOf(IStoredRow row) => string.Create(CultureInfo.InvariantCulture, $"\"{row.Version}\"");

    public static IResult Deleted(ChangeStatus status) => status == ChangeStatus.Changed ? TypedResults.NoContent() : ProblemAnswer.Result(status);

    public static int StatusOf(bool isNew) => isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;

    /// <summary>Finds the row that a request is about: there, visible, permitted to this role, and of the version that the caller has seen.</summary>
    public async ValueTask<T?> FindAsync<T>(string id, ManagementRole role)
        where T : class, IStoredRow
    {
        if (await ReferAsync<T>(id).ConfigureAwait(false) is not { } row)
        {
            return null;
        }

        bool isChange = role != ManagementRole.Viewer;
        if ((isChange && !rows.Scope.Owns(row)) || !await MayAsync(role, row).ConfigureAwait(false)
            || (row is ApplicationRecord && !await MayAsync(ManagementRole.Integrations, row).ConfigureAwait(false)))
        {
            return Refuse<T>(ManagementOutcomes.Forbidden);
        }

        return isChange && !TryMatch(row) ? Refuse<T>(ChangeOutcome.Of(ChangeStatus.VersionMismatch)) : row;
    }

    /// <summary>Finds a row that a body or a filter names: there and visible.</summary>
    public async ValueTask<T?> ReferAsync<T>(string? id)
        where T : class, IStoredRow
        => id is not null && await rows.FindAsync<T>(id).ConfigureAwait(false) is { } row ? row : Refuse<T>(ChangeOutcome.Of(ChangeStatus.NotFound));

    /// <summary>Says whether every id that a filter names is visible.</summary>
    public async ValueTask<bool> SeesAsync(RowQuery query) =>
        (query.WorkspaceIds is not { } workspaces || await ReferAsync<WorkspaceRecord>(workspaces.Single()).ConfigureAwait(false) is not null)
        && (query.ApplicationId is null || await ReferAsync<ApplicationRecord>(query.ApplicationId).ConfigureAwait(false) is not null)
        && (query.ParentId is null || await ReferAsync<CredentialRecord>(query.ParentId).ConfigureAwait(false) is not null);

    public async ValueTask<Body<T>?> ReadAsync<T>(JsonTypeInfo<T> type)
        where T : class
    {
        (Body<T>? body, ProblemAnswer? refusal) = await JsonBody.ReadAsync(context, type, Options.MaxBodyBytes).ConfigureAwait(false);
        _refusal = refusal?.ToResult();
        return body;
    }

    /// <summary>Reads the filter of a list, and finds what it names.</summary>
    public async ValueTask<ListFilter?> ReadAsync(ListQuery query)
    {
        TakenFilters taken = context.GetEndpoint()!.Metadata.GetRequiredMetadata<TakenFilters>();
        if (ListFilter.Read(query, taken) is not { } filter)
        {
            return Refuse<ListFilter>(ManagementOutcomes.InvalidRequest);
        }

        return await SeesAsync(filter.Rows).ConfigureAwait(false) ? filter : null;
    }

    /// <summary>Lists the rows of a filter, and of these the ones that a condition holds for.</summary>
    public async ValueTask<RowPage<T>?> ListAsync<T>(ListFilter filter, Func<T, ValueTask<bool>>? isWanted = null)
        where T : class, IStoredRow
    {
        try
        {
            return isWanted is null
                ? await rows.ListAsync<T>(filter.Rows).ConfigureAwait(false)
                : await rows.ListAsync(filter.Rows, isWanted).ConfigureAwait(false);
        }
        catch (ArgumentException) when (filter.Rows.After is not null)
        {
            // Only the store can read where it was to begin.
            return Refuse<RowPage<T>>(ManagementOutcomes.InvalidRequest);
        }
    }

    public async ValueTask<RowPage<AuditEvent>?> ListAuditAsync(ListFilter filter)
    {
        string? after = filter.Rows.After;
        string? place = after is null || rows.Scope.IsWhole ? after : management.Places.Open(after);
        if (after is not null && place is null)
        {
            return Refuse<RowPage<AuditEvent>>(ManagementOutcomes.InvalidRequest);
        }

        try
        {
            RowPage<AuditEvent> page = await rows.ListAuditAsync(filter.Rows with { After = place }).ConfigureAwait(false);
            return page.Next is null || rows.Scope.IsWhole ? page : page with { Next = management.Places.Seal(page.Next) };
        }
        catch (ArgumentException) when (after is not null)
        {
            return Refuse<RowPage<AuditEvent>>(ManagementOutcomes.InvalidRequest);
        }
    }

    public async ValueTask<bool> MayAsync(ManagementRole role, object resource) =>
        await Access.JudgeAsync(context, role, resource).ConfigureAwait(false) == Verdict.Allowed;

    /// <summary>Says whether the user may do what a role may; else <see cref="Refusal"/> is that they may not.</summary>
    public async ValueTask<bool> RequireAsync(ManagementRole role, object resource)
    {
        if (await MayAsync(role, resource).ConfigureAwait(false))
        {
            return true;
        }

        Refuse<object>(ManagementOutcomes.Forbidden);
        return false;
    }

    /// <summary>Says whether the user may hand out these scopes: the reserved one makes a manager of credentials, of whatever the host lets such a credential see.</summary>
    public async ValueTask<bool> MayGrantAsync(IReadOnlyList<string> scopes, object resource) =>
        !scopes.Contains(OwnCredential.ManageScope, StringComparer.Ordinal)
        || (rows.Scope.IsWhole && await MayAsync(ManagementRole.Administrator, resource).ConfigureAwait(false));

    public async ValueTask<bool> RequireGrantAsync(IReadOnlyList<string> scopes, object resource) =>
        await MayGrantAsync(scopes, resource).ConfigureAwait(false) || Refuse<object>(ManagementOutcomes.Forbidden) is not null;

    /// <summary>Says whether the host offers an environment; else <see cref="Refusal"/> names those that it does.</summary>
    public bool RequireEnvironment(string environment)
    {
        bool isOffered = Options.Environments.Contains(environment, StringComparer.Ordinal);
        _refusal = isOffered ? null : ProblemAnswer.Result(ChangeOutcome.Of(ChangeStatus.EnvironmentInvalid), $"This host offers {string.Join(", ", Options.Environments)}, as ManagementOptions.Environments has them.");
        return isOffered;
    }

    /// <summary>Says whether the user sees all workspaces; else <see cref="Refusal"/> is that they may not do this.</summary>
    public bool RequireWhole() => rows.Scope.IsWhole || Refuse<object>(ManagementOutcomes.Forbidden) is not null;

    /// <summary>Tells the version of the row that is answered, and of a new one its address.</summary>
    public void Announce(IStoredRow row, bool isNew = false)
    {
        context.Response.Headers.ETag = ETagOf(row);
        if (isNew)
        {
            context.Response.Headers.Location = $"{context.Request.PathBase}{context.Request.Path.ToUriComponent().TrimEnd('/')}/{row.Id}";
        }
    }

    /// <summary>Tries a change of the version of a row that was judged; where somebody was quicker, and no <c>If-Match</c> asks to be told so, what they made of it is judged.</summary>
    public async Task<IResult> TryAsync(Func<Task<(ChangeStatus Status, IResult Answer)>> attempt)
    {
        (ChangeStatus status, IResult answer) = await attempt().ConfigureAwait(false);
        for (int tries = 1; status == ChangeStatus.VersionMismatch && Version is null && tries < MaxTries; tries++)
        {
            (status, answer) = await attempt().ConfigureAwait(false);
        }

        return answer;
    }

    private T? Refuse<T>(Outcome outcome)
        where T : class
    {
        _refusal = ProblemAnswer.Of(outcome).ToResult();
        return null;
    }

    // RFC 9110 §13.1.1: the strong comparison; what is no tag of ours matches nothing.
    private bool TryMatch(IStoredRow row)
    {
        if (context.Request.Headers.IfMatch.Count == 0)
        {
            return true;
        }

        string tag = ETagOf(row);
        bool isParsed = EntityTagHeaderValue.TryParseStrictList(context.Request.Headers.IfMatch, out IList<EntityTagHeaderValue>? tags);
        if (!isParsed || !tags!.Any(known => known.Equals(EntityTagHeaderValue.Any) || (!known.IsWeak && known.Tag == tag)))
        {
            return false;
        }

        Version = tags!.Any(known => known.Equals(EntityTagHeaderValue.Any)) ? null : row.Version;
        return true;
    }
}
