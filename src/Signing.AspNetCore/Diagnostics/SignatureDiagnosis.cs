using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Signing.AspNetCore;

/// <summary>Writes what the server saw of one request, and of its signature, as JSON. Nothing in it is of another request, and no MAC is.</summary>
internal static class SignatureDiagnosis
{
    public static async Task WriteAsync(HttpContext context, RequestVerifier verifier, SignatureFeature feature, ShownSignatureBase shown)
    {
        context.Response.ContentType = "application/json";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("scheme_name", verifier.Scheme);
            writer.WriteString("status", SignatureChallenge.Told(feature.Outcome).Code);
            writer.WriteString("now", verifier.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            WriteSeen(writer, context.Request);
            writer.WriteString("public_origin", verifier.Options.PublicOrigin?.AbsoluteUri.TrimEnd('/'));
            WriteList(writer, "forwarded", ForwardingFields.In(context.Request.Headers));
            WritePolicy(writer, verifier.Options.Policy);
            WriteSignature(writer, ReadableSignature.Find(context, verifier.Options), shown);
            writer.WriteEndObject();
        }

        await ProblemBody.HandOnAsync(context.Response).ConfigureAwait(false);
    }

    private static void WriteSeen(Utf8JsonWriter writer, HttpRequest request)
    {
        string target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget ?? "";
        (string path, string query) = Split(target);
        writer.WriteStartObject("seen");
        writer.WriteString("method", request.Method);
        writer.WriteString("scheme", request.Scheme);
        writer.WriteString("authority", request.Headers.Host.ToString());
        writer.WriteString("path", path);
        writer.WriteString("query", query);
        writer.WriteString("request_target", target);
        writer.WriteString("http_version", request.Protocol.StartsWith("HTTP/", StringComparison.Ordinal) ? request.Protocol["HTTP/".Length..] : request.Protocol);
        writer.WriteEndObject();
    }

    private static void WritePolicy(Utf8JsonWriter writer, VerificationPolicy policy)
    {
        WriteList(writer, "required", policy.RequiredComponents);
        WriteList(writer, "covered_if_present", policy.CoveredIfPresent);
        writer.WriteNumber("max_age_seconds", (long)policy.MaxAge.TotalSeconds);
        writer.WriteNumber("future_skew_seconds", (long)policy.FutureSkew.TotalSeconds);
    }

    private static void WriteSignature(Utf8JsonWriter writer, ReadableSignature? signature, ShownSignatureBase shown)
    {
        WriteList(writer, "covered", signature?.Covered ?? []);
        if (signature is null)
        {
            writer.WriteNull("created");
        }
        else
        {
            writer.WriteNumber("created", signature.Created);
        }

        writer.WriteString("signature_base", signature?.SignatureBase is { } text ? shown.Of(text) : null);
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    // RFC 9112 §3.2: as they stand in the target, which may be in absolute form.
    private static (string Path, string Query) Split(string target)
    {
        int scheme = target.StartsWith('/') ? -1 : target.IndexOf("://", StringComparison.Ordinal);
        int start = scheme < 0 ? 0 : target.AsSpan(scheme + 3).IndexOfAny('/', '?') is var found and >= 0 ? scheme + 3 + found : target.Length;
        int query = target.IndexOf('?', start);
        return query < 0 ? (target[start..], "") : (target[start..query], target[query..]);
    }
}
