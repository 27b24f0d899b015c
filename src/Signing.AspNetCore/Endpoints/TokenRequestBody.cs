using System.Buffers;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Signing.AspNetCore;

/// <summary>Reads the parameters of a request to a token endpoint, strictly: whatever comes, the answer is parameters or an error of the RFC.</summary>
internal static class TokenRequestBody
{
    /// <summary>How many bytes are read: the longest request there is takes a tenth of it.</summary>
    public const int MaxBytes = 16 * 1024;

    private const int MaxParameters = 64;
    private const string JsonType = "application/json";
    private const string FormType = "application/x-www-form-urlencoded";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async ValueTask<(TokenRequest? Request, OAuthError? Error)> ReadJsonAsync(HttpContext context)
    {
        if (!IsOfType(context.Request, JsonType))
        {
            return (null, OAuthError.JsonExpected);
        }

        (byte[]? content, OAuthError? error) = await ReadAsync(context, OAuthError.Json).ConfigureAwait(false);
        return error is null ? ParseJson(content) : (null, error);
    }

    public static async ValueTask<(TokenRequest? Request, OAuthError? Error)> ReadFormAsync(HttpContext context)
    {
        if (!IsOfType(context.Request, FormType))
        {
            return (null, OAuthError.FormExpected);
        }

        if (context.Features.Get<IFormFeature>() is { } read && TryFind(read, out IFormCollection? form))
        {
            // A middleware of the host's has read the content, as one does that looks for the method in it: there is no other.
            return form is null ? (null, OAuthError.Form) : TakeForm(form);
        }

        (byte[]? content, OAuthError? error) = await ReadAsync(context, OAuthError.Form).ConfigureAwait(false);
        return error is null ? ParseForm(content!) : (null, error);
    }

    // False: nobody has read it yet. Null: the host checks forms for antiforgery tokens, and this one has none.
    private static bool TryFind(IFormFeature feature, out IFormCollection? form)
    {
        try
        {
            form = feature.Form;
            return form is not null;
        }
        catch (InvalidOperationException)
        {
            form = null;
            return true;
        }
    }

    private static (TokenRequest? Request, OAuthError? Error) TakeForm(IFormCollection form)
    {
        var request = new TokenRequest();
        foreach ((string name, StringValues values) in form)
        {
            if (values.Count != 1 || !request.TryAdd(name, values.ToString()))
            {
                return (null, OAuthError.Form);
            }
        }

        return (request, null);
    }

    private static bool IsOfType(HttpRequest request, string type) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? given)
        && type.Equals(given.MediaType, StringComparison.OrdinalIgnoreCase)
        && (given.CharSet is null || given.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static async ValueTask<(byte[]? Content, OAuthError? Error)> ReadAsync(HttpContext context, OAuthError malformed)
    {
        if (context.Request.ContentLength > MaxBytes)
        {
            return (null, OAuthError.TooLong);
        }

        try
        {
            PipeReader reader = context.Request.BodyReader;
            ReadResult result = await RequestTimeLimit.WaitAsync(context, reader, reader.ReadAtLeastAsync(MaxBytes + 1, CancellationToken.None)).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            byte[]? content = buffer.Length > MaxBytes ? null : buffer.ToArray();
            reader.AdvanceTo(buffer.End);
            if (content is null)
            {
                return (null, OAuthError.TooLong);
            }

            // A signature is judged afterwards, and its digest compared with these very bytes.
            context.Request.Body = new MemoryStream(content, writable: false);
            return (content, null);
        }
        catch (Exception exception) when (exception is BadHttpRequestException or InvalidDataException or InvalidOperationException)
        {
            // Not HTTP, too slow, or shorter than announced: the server gives the connection up by itself. The others are for
            // what the host's request decompression cannot read; which of them depends on the encoding.
            return (null, malformed);
        }
    }

    private static (TokenRequest? Request, OAuthError? Error) ParseJson(ReadOnlySpan<byte> content)
    {
        var request = new TokenRequest();
        try
        {
            var reader = new Utf8JsonReader(content);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return (null, OAuthError.Json);
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                if (!reader.Read() || reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null)
                    || !request.TryAdd(name, reader.GetString() ?? ""))
                {
                    return (null, OAuthError.Json);
                }
            }

            return reader.Read() ? (null, OAuthError.Json) : (request, null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second one is for text that is not UTF-8, or half of a surrogate pair.
            return (null, OAuthError.Json);
        }
    }

    private static (TokenRequest? Request, OAuthError? Error) ParseForm(byte[] content)
    {
        var request = new TokenRequest();
        string[] pairs;
        try
        {
            pairs = StrictUtf8.GetString(content).Split('&', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (DecoderFallbackException)
        {
            return (null, OAuthError.Form);
        }

        // A name without a value has none: the FormReader of ASP.NET Core would take the parameter behind it for a part of the name.
        foreach (string pair in pairs)
        {
            int end = pair.IndexOf('=', StringComparison.Ordinal);
            (string name, string value) = end < 0 ? (pair, "") : (pair[..end], pair[(end + 1)..]);
            if (!request.TryAdd(Decode(name), Decode(value)))
            {
                return (null, OAuthError.Form);
            }
        }

        return pairs.Length <= MaxParameters ? (request, null) : (null, OAuthError.Form);
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
