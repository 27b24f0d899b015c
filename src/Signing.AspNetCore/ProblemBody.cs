using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Signing.AspNetCore;

/// <summary>RFC 9457. Writes a refusal as problem details: the host's way if it has one, else the bare members.</summary>
internal static class ProblemBody
{
    private const string MediaType = "application/problem+json";

    // What a response has whose content goes to a stream.
    private static readonly Type StreamWriter = PipeWriter.Create(Stream.Null).GetType();

    public static ProblemDetails Of(Outcome told)
    {
        var problem = new ProblemDetails { Status = told.HttpStatus, Title = told.Sentence, Detail = told.Remedy };
        problem.Extensions["code"] = told.Code;
        return problem;
    }

    /// <summary>Writes the body, or leaves it to the last scheme of the endpoint: a body starts the response, and then no other can add its challenge.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scheme">The one that ASP.NET has asked; <see langword="null"/> if nobody is asked after this.</param>
    /// <param name="problem">What it has to say.</param>
    /// <param name="isMissing">Whether that is no more than that there is no credential of its kind.</param>
    public static async Task WriteWhenLastAsync(HttpContext context, string? scheme, ProblemDetails problem, bool isMissing = false)
    {
        if (scheme is null || await EndpointPolicy.OfAsync(context).ConfigureAwait(false) is not { AuthenticationSchemes: { Count: > 1 } schemes })
        {
            await WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        // Another scheme's 401 must not hide a 503.
        HttpResponse response = context.Response;
        int status = response.StatusCode;
        response.OnStarting(() =>
        {
            response.StatusCode = status == StatusCodes.Status401Unauthorized ? response.StatusCode : status;
            return Task.CompletedTask;
        });
        SharedProblem shared = context.Features.Get<SharedProblem>() ?? new SharedProblem();
        shared.Add(problem, isMissing);
        context.Features.Set(shared);
        if (await IsLastAsync(context, schemes[^1], scheme).ConfigureAwait(false))
        {
            response.StatusCode = shared.Problem!.Status ?? status;
            await WriteAsync(context, shared.Problem).ConfigureAwait(false);
        }
    }

    /// <summary>Writes what others have left to the last scheme of the endpoint, if that is this one, which has nothing to say itself.</summary>
    public static async Task WriteLeftAsync(HttpContext context, string scheme)
    {
        if (context.Features.Get<SharedProblem>()?.Problem is { } problem
            && await EndpointPolicy.OfAsync(context).ConfigureAwait(false) is { AuthenticationSchemes: [.., var last] }
            && await IsLastAsync(context, last, scheme).ConfigureAwait(false))
        {
            await WriteAsync(context, problem).ConfigureAwait(false);
        }
    }

    public static async Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        // RFC 9110 §9.3.2: HEAD has the fields of GET and no content. Without the type, pages of the host would take the place of the refusal.
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentType = MediaType;
            return;
        }

        // A host may challenge several schemes one after the other: what the first has said stays, and two of them are no JSON.
        if (context.Response.ContentType == MediaType)
        {
            return;
        }

        if (context.RequestServices.GetService<IProblemDetailsService>() is { } service
            && await service.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem }).ConfigureAwait(false))
        {
            return;
        }

        // The host has no writer, or none for what the caller accepts: programs still get their code.
        context.Response.ContentType = MediaType;
        var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            WriteIfSet(writer, "type", problem.Type);
            WriteIfSet(writer, "title", problem.Title);
            writer.WriteNumber("status", problem.Status ?? context.Response.StatusCode);
            WriteIfSet(writer, "detail", problem.Detail);
            WriteIfSet(writer, "instance", problem.Instance);

            // Text only: what else the host adds takes a serializer that the host would have to bring.
            foreach ((string name, object? value) in problem.Extensions)
            {
                WriteIfSet(writer, name, Convert.ToString(value, CultureInfo.InvariantCulture));
            }

            writer.WriteEndObject();
        }

        await HandOnAsync(context.Response).ConfigureAwait(false);
    }

    /// <summary>Hands on what was written, where whatever stands in front of us has put a stream in the place of the server's: it takes that back without a look at the writer.</summary>
    public static async ValueTask HandOnAsync(HttpResponse response)
    {
        // The server hands on by itself, later: until then whoever challenged may add fields.
        if (response.BodyWriter.GetType() == StreamWriter)
        {
            await response.BodyWriter.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    // A policy scheme of the host says nothing itself: it hands on to the one that it chooses for the request.
    private static async ValueTask<bool> IsLastAsync(HttpContext context, string last, string scheme)
    {
        if (last == scheme)
        {
            return true;
        }

        IAuthenticationHandlerProvider handlers = context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        if (await handlers.GetHandlerAsync(context, last).ConfigureAwait(false) is not PolicySchemeHandler { Options: var options })
        {
            return false;
        }

        string? named = context.Response.StatusCode == StatusCodes.Status403Forbidden ? options.ForwardForbid : options.ForwardChallenge;

        // As ASP.NET Core has it, what names itself hands on to nobody.
        return (named ?? options.ForwardDefaultSelector?.Invoke(context) ?? options.ForwardDefault) is { } next && next != last
            && await IsLastAsync(context, next, scheme).ConfigureAwait(false);
    }

    private static void WriteIfSet(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
