using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Signing.Management;

/// <summary>A refusal for people: plain words, without anything of ours that they may not load.</summary>
internal static class RefusalPage
{
    public static Task WriteAsync(HttpContext context, Outcome outcome)
    {
        string title = HtmlEncoder.Default.Encode($"{outcome.HttpStatus} {ReasonPhrases.GetReasonPhrase(outcome.HttpStatus)}");
        string page = $"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="color-scheme" content="light dark">
            <title>{title}</title>
            <h1>{title}</h1>
            <p>{HtmlEncoder.Default.Encode(outcome.Sentence)}</p>
            <p>{HtmlEncoder.Default.Encode(outcome.Remedy)}</p>

            """;
        return TypedResults.Content(page, "text/html; charset=utf-8", statusCode: outcome.HttpStatus).ExecuteAsync(context);
    }
}
