using Microsoft.AspNetCore.Http;
using Signing.AspNetCore;

namespace Signing.Management;

/// <summary>RFC 9457. Says why a request was refused, with the code of the outcome and what can be done about it.</summary>
internal sealed record ProblemAnswer(int Status, string Title, string Detail, string Code, string Remedy)
{
    public const string MediaType = "application/problem+json";

    public static ProblemAnswer Of(Outcome outcome, string? detail = null) =>
        new(outcome.HttpStatus, outcome.Sentence, detail ?? outcome.Remedy, outcome.Code, outcome.Remedy);

    public static IResult Result(ChangeStatus status) => Of(ChangeOutcome.Of(status)).ToResult();

    public static IResult Result(Outcome outcome, string? detail = null) => Of(outcome, detail).ToResult();

    public IResult ToResult() => TypedResults.Json(this, ManagementJson.Default.ProblemAnswer, MediaType, Status);
}
