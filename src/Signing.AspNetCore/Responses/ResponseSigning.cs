using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Signing.AspNetCore;

/// <summary>RFC 9421 §2.4. Decides which responses are signed, and signs them.</summary>
internal sealed class ResponseSigning
{
    private const string SignatureInputName = "Signature-Input";
    private const string SignatureName = "Signature";
    private const string ContentDigestName = "Content-Digest";
    private const string Signed = "signed";

    // Each differs by what a caller asks for, and callers ask the same each time; beyond this the wish is read again each time.
    private const int MaxRemembered = 64;
    private const int MaxInputLength = 8192;
    private const int StackLength = 1024;
    private const int MaxSignatureLength = 96;

    private readonly MessageSigner _signer;
    private readonly ConcurrentDictionary<string, AskedSignatures> _asked = new(StringComparer.Ordinal);
    private readonly ILogger _logger;
    private readonly SigningMetrics _metrics;

    public ResponseSigning(IOptions<ResponseSignatureOptions> options, SigningMetrics metrics, ILoggerFactory loggers)
    {
        Options = options.Value;
        _signer = new MessageSigner(Options.Policy);
        _metrics = metrics;
        _logger = loggers.CreateLogger(SignatureDefaults.TelemetryName);
    }

    public ResponseSignatureOptions Options { get; }

    /// <summary>Gets or sets whether it stands in a pipeline.</summary>
    public bool IsUsed { get; set; }

    /// <summary>Keeps a request that was verified and accepted: before its response comes by here, or, where WebApplication authenticates first of all, before the request does.</summary>
    public static void Keep(HttpContext context, in HttpRequestView message, in SignatureCandidate candidate, SigningKey key, TimeProvider time)
    {
        var request = new SignedRequest(message, candidate.GetLabel(message).ToString(), key, time, context.Request.Headers, context.GetEndpoint());
        if (context.Features.Get<ResponseSignatureBody>() is { } body)
        {
            body.Request = request;
        }
        else
        {
            context.Features.Set(request);
        }
    }

    /// <summary>Says whether the response to a verified request is to be signed.</summary>
    public bool IsWanted(HttpContext context, SignedRequest request)
    {
        Endpoint? endpoint = context.GetEndpoint() ?? request.Endpoint;
        return endpoint?.Metadata.GetMetadata<SignResponseAttribute>()?.Sign ?? Options.Sign switch
        {
            SignedResponses.All => true,
            SignedResponses.WhenAsked => FindAsked(context)?.Want(request.Key) == true,
            _ => false,
        };
    }

    /// <summary>Signs a response whose content is complete; it has both fields afterwards, or none.</summary>
    /// <param name="context">The request; its response has not started.</param>
    /// <param name="request">The request as it was verified.</param>
    /// <param name="content">The content as it will be sent; of a response that has none, nothing.</param>
    public void Sign(HttpContext context, SignedRequest request, ReadOnlySpan<byte> content)
    {
        HttpResponse response = context.Response;
        WriteDigest(response, content);

        // RFC 9421 §5.2 and RFC 9110 §12.5.5: it answers this request, so no cache may give it to another.
        response.Headers.Append(HeaderNames.Vary, "Signature, Accept-Signature");
        var message = new HttpResponseView(response, request);
        AskedSignatures? asked = FindAsked(context);
        if (asked is not null && TrySignAsked(asked, response, message, request))
        {
            _metrics.CountResponse(Signed);
            return;
        }

        // Nothing was asked for, or something that this response has not.
        if (TrySign(response, message, asked?.Usual ?? _signer, request, out SignatureStatus refusal))
        {
            _metrics.CountResponse(Signed);
            return;
        }

        string code = Outcome.Of(refusal).Code;
        Log.ResponseNotSigned(_logger, code);
        _metrics.CountResponse(code);
    }

    /// <summary>Tells of a response that should have been signed and is sent without.</summary>
    public void TellUnsigned(HttpContext context, bool isTooLong)
    {
        if (isTooLong)
        {
            Log.ResponseTooLong(_logger, context.GetEndpoint()?.DisplayName, Options.MaxBytes);
        }
        else
        {
            Log.ResponseStreams(_logger, context.GetEndpoint()?.DisplayName);
        }

        _metrics.CountResponse(isTooLong ? Outcome.Of(SignatureStatus.BodyTooLarge).Code : "not_buffered");
    }

    private void WriteDigest(HttpResponse response, ReadOnlySpan<byte> content)
    {
        // RFC 9530 §2: of the content of this message. Without one there is none, whatever a GET would have had.
        response.Headers.Remove(ContentDigestName);
        if (content.IsEmpty)
        {
            return;
        }

        Span<char> digest = stackalloc char[ContentDigest.MaxFieldLength];
        ContentDigest.TryWrite(content, Options.Digest, digest, out int written);
        response.Headers[ContentDigestName] = digest[..written].ToString();
    }

    private static bool TrySignAsked(AskedSignatures asked, HttpResponse response, in HttpResponseView message, SignedRequest request)
    {
        // RFC 9421 §5.2: under the label that was asked for, so not where the response has signatures of its own.
        bool isSigned = false;
        foreach (MessageSigner signer in response.Headers.ContainsKey(SignatureInputName) ? [] : asked.Exact(request, response.Headers))
        {
            isSigned |= TrySign(response, message, signer, request, out _);
        }

        return isSigned || (asked.Wider(request.Key) is { } wider && TrySign(response, message, wider, request, out _));
    }

    private static bool TrySign(HttpResponse response, in HttpResponseView message, MessageSigner signer, SignedRequest request, out SignatureStatus refusal)
    {
        Span<char> signature = stackalloc char[MaxSignatureLength];
        Span<char> input = stackalloc char[StackLength];
        bool signed;
        int inputLength;
        int signatureLength;
        try
        {
            signed = signer.TrySign(message, request.Key, input, signature, out inputLength, out signatureLength, out refusal, request.Time.GetUtcNow());
            if (refusal == SignatureStatus.TooLarge)
            {
                input = new char[MaxInputLength];
                signed = signer.TrySign(message, request.Key, input, signature, out inputLength, out signatureLength, out refusal, request.Time.GetUtcNow());
            }
        }
        catch (ObjectDisposedException)
        {
            // Revoked while the request was under way: there is no Secret any more that both sides have.
            refusal = SignatureStatus.InvalidCredential;
            return false;
        }

        if (signed)
        {
            response.Headers.Append(SignatureInputName, input[..inputLength].ToString());
            response.Headers.Append(SignatureName, signature[..signatureLength].ToString());
        }

        return signed;
    }

    private AskedSignatures? FindAsked(HttpContext context)
    {
        if (AskedSignatures.TextOf(context.Request) is not { } text)
        {
            return null;
        }

        if (!_asked.TryGetValue(text, out AskedSignatures? asked))
        {
            asked = AskedSignatures.Read(text, _signer);
            if (_asked.Count < MaxRemembered)
            {
                _asked.TryAdd(text, asked);
            }
        }

        return asked;
    }
}
