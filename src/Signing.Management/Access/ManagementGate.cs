using System.Data.Common;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>Stands before everything that is mapped, and before anything of a body is read.</summary>
/// <remarks>
/// <code>
/// 1  headers     no answer is stored on its way, framed, or taken for another type
/// 2  who         a viewer by the host's policy, and no credential of ours without signing.manage
/// 3  where       at least one workspace, if the host names any
/// 4  from where  a change comes from a page of ours, with its antiforgery token
/// </code>
/// </remarks>
internal sealed class ManagementGate(ManagementContext management, ILogger logger)
{
    private const string OpenDoorName = "developer";
    private const string Nameless = "unnamed";

    public async Task InvokeAsync(HttpContext context, ManagementArea area, RequestDelegate next)
    {
        // 1
        AnswerHeaders.Set(context.Response, area);

        // 2
        Verdict verdict = await management.Access.JudgeAsync(context, ManagementRole.Viewer, context).ConfigureAwait(false);
        if (verdict != Verdict.Allowed)
        {
            await RefuseAsync(context, area, OutcomeOf(verdict)).ConfigureAwait(false);
            return;
        }

        try
        {
            await PassAsync(context, area, next).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfStore(exception) && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            logger.StoreFailed(exception);
            await RefuseAsync(context, area, ManagementOutcomes.StoreUnavailable).ConfigureAwait(false);
        }
    }

    private async Task PassAsync(HttpContext context, ManagementArea area, RequestDelegate next)
    {
        if (!await OwnCredential.StillManagesAsync(context, management.Store).ConfigureAwait(false))
        {
            await RefuseAsync(context, area, ManagementOutcomes.NotManaging).ConfigureAwait(false);
            return;
        }

        // 3
        WorkspaceScope scope = await WorkspaceScope.OfAsync(context, management.Options, management.Store).ConfigureAwait(false);
        if (scope.Ids is { Count: 0 })
        {
            await RefuseAsync(context, area, ChangeOutcome.Of(ChangeStatus.NotFound)).ConfigureAwait(false);
            return;
        }

        // 4
        if (IsChange(context.Request.Method) && !OwnCredential.IsAlone(context.User) && !await IsOursAsync(context).ConfigureAwait(false))
        {
            await RefuseAsync(context, area, ManagementOutcomes.AntiforgeryFailed).ConfigureAwait(false);
            return;
        }

        var rows = new ManagementRows(management.Store, scope, context.RequestAborted);
        context.Features.Set(new ManagementRequest(context, management, rows, ActorOf(context, management.Access.IsOpen)));
        await next(context).ConfigureAwait(false);
    }

    // A disk that is full or gone, a database that does not answer; what breaks of the connection itself is for the server.
    private static bool IsOfStore(Exception exception) =>
        exception is UnauthorizedAccessException or DbException or TimeoutException or (IOException and not (BadHttpRequestException or ConnectionResetException));

    private static bool IsChange(string method) => !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method));

    private static async ValueTask<bool> IsOursAsync(HttpContext context)
    {
        IAntiforgery antiforgery = context.RequestServices.GetRequiredService<IAntiforgery>();

        // The token is asked for in a header: a form that another site makes a browser send has none.
        return SameOrigin.Is(context.Request) && !context.Request.HasFormContentType && await antiforgery.IsRequestValidAsync(context).ConfigureAwait(false);
    }

    private static Actor ActorOf(HttpContext context, bool isOpen)
    {
        IPAddress? peer = context.Connection.RemoteIpAddress;
        string? address = peer is { IsIPv4MappedToIPv6: true } ? peer.MapToIPv4().ToString() : peer?.ToString();
        string? name = context.User.Identity?.Name is { Length: > 0 } shown ? shown : context.User.FindFirstValue(ClaimTypes.NameIdentifier);
        return new Actor(string.IsNullOrEmpty(name) ? isOpen ? OpenDoorName : Nameless : name, address);
    }

    private static Outcome OutcomeOf(Verdict verdict) => verdict switch
    {
        Verdict.NotSignedIn => ManagementOutcomes.NotSignedIn,
        Verdict.NotManaging => ManagementOutcomes.NotManaging,
        Verdict.NotLocal => ManagementOutcomes.NotLocal,
        _ => ManagementOutcomes.Forbidden,
    };

    private async Task RefuseAsync(HttpContext context, ManagementArea area, Outcome outcome)
    {
        context.Response.StatusCode = outcome.HttpStatus;
        bool isNobody = outcome == ManagementOutcomes.NotSignedIn;
        bool isAnswered = isNobody && await ChallengeAsync(context, area).ConfigureAwait(false);
        Outcome told = isNobody ? WhyNobody(context) : outcome;
        logger.Refused(told.Code);
        if (!isAnswered)
        {
            await (area == ManagementArea.Api ? ProblemAnswer.Of(told).ToResult().ExecuteAsync(context) : RefusalPage.WriteAsync(context, told)).ConfigureAwait(false);
        }
    }

    // Asks for a sign-in as the host's schemes do it, and says whether that is the whole answer.
    private async Task<bool> ChallengeAsync(HttpContext context, ManagementArea area)
    {
        // Schemes that write problems themselves take it that one is there: the content is the gate's.
        HttpResponse response = context.Response;
        response.ContentType = ProblemAnswer.MediaType;
        await management.Access.ChallengeAsync(context).ConfigureAwait(false);
        if (response.HasStarted)
        {
            return true;
        }

        response.ContentType = null;
        if (response.StatusCode is < 300 or >= 400)
        {
            return false;
        }

        if (area == ManagementArea.Page)
        {
            return true;
        }

        // A program, or a page that is open already, is not sent to a form.
        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.Headers.Remove("Location");
        return false;
    }

    // A scheme of ours that could not look says so by its status: told a 401, a caller would sign in again in vain.
    private static Outcome WhyNobody(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable
            when context.Features.Get<SignatureFeature>() is { Outcome: { } found } && found.HttpStatus == context.Response.StatusCode => found,
        StatusCodes.Status503ServiceUnavailable => ManagementOutcomes.StoreUnavailable,
        _ => ManagementOutcomes.NotSignedIn,
    };
}
