using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Signing.AspNetCore;

/// <summary>RFC 9530 §2. Compares the content of a request with the digest its signature covers, and leaves the content to be read from its beginning.</summary>
internal static class RequestBodyDigest
{
    private const int CopyBytes = 16 * 1024;

    // What a server returns whose content comes from a stream: a wrapper that this reader's look ahead would drain.
    private static readonly Type StreamReader = PipeReader.Create(Stream.Null).GetType();

    /// <summary>Checks the content of a request whose MAC is verified.</summary>
    /// <param name="context">The request.</param>
    /// <param name="message">The request, as the core sees it.</param>
    /// <param name="candidate">Its signature.</param>
    /// <param name="maxBytes">How much is read at most.</param>
    /// <param name="readBefore">Called if a part of the content was gone before it could be compared.</param>
    /// <returns><see cref="SignatureStatus.Verified"/> if content and digest agree, or both are absent; else what is wrong.</returns>
    public static ValueTask<SignatureStatus> CheckAsync(HttpContext context, in HttpRequestView message, in SignatureCandidate candidate, long maxBytes, Action readBefore)
    {
        HttpRequest request = context.Request;
        bool mayHaveContent = MayHaveContent(context);
        if (!candidate.CoversContentDigest)
        {
            return mayHaveContent ? RefuseContentAsync(request) : ValueTask.FromResult(SignatureStatus.Verified);
        }

        if (!ContentDigest.TryRead(message, out ExpectedDigest expected, out SignatureStatus refusal))
        {
            return ValueTask.FromResult(refusal);
        }

        if (request.ContentLength > maxBytes)
        {
            return ValueTask.FromResult(SignatureStatus.BodyTooLarge);
        }

        // RFC 9530 §6.3: without content the digest is that of nothing, which proves that nothing was taken away.
        return mayHaveContent ? CompareAsync(request, expected, maxBytes, readBefore) : ValueTask.FromResult(CompareNothing(expected));
    }

    /// <summary>Says whether content may follow; <see langword="false"/> is certain, <see langword="true"/> is not: chunks and frames may turn out to be none.</summary>
    public static bool MayHaveContent(HttpContext context) =>
        context.Request.ContentLength != 0 && context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false };

    /// <summary>Gives up a connection whose content the server could not read: Kestrel's reader is left in the middle of a read.</summary>
    public static void Abandon(HttpContext context)
    {
        // HTTP/2 resets the stream and has no such field.
        if (HttpProtocol.IsHttp11(context.Request.Protocol) && !context.Response.HasStarted)
        {
            context.Response.Headers.Connection = "close";
        }
    }

    /// <summary>Lets go of content that was read for a request that is refused now, and that nobody reads any more.</summary>
    /// <remarks>
    /// Content that is read and not consumed leaves Kestrel in the middle of a read until it clears up behind the request, which
    /// it does not where the caller has left by then: it goes on to the next request, and warns of a read in progress.
    /// </remarks>
    public static void LetGo(HttpContext context)
    {
        if (!MayHaveContent(context) || context.Request.Body.CanSeek)
        {
            return;
        }

        try
        {
            PipeReader reader = context.Request.BodyReader;
            if (reader.TryRead(out ReadResult result))
            {
                reader.AdvanceTo(result.Buffer.End);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or OperationCanceledException)
        {
            // Somebody else is reading just now, or the content did not come whole: it is theirs, or the server's, to end.
        }
    }

    private static async ValueTask<SignatureStatus> RefuseContentAsync(HttpRequest request)
    {
        if (request.ContentLength > 0)
        {
            return SignatureStatus.MissingDigest;
        }

        // An empty content needs no digest, and only reading shows that it is empty.
        if (request.Body.CanSeek)
        {
            return await HashStreamAsync(request, null, 0).ConfigureAwait(false) == 0 ? SignatureStatus.Verified : SignatureStatus.MissingDigest;
        }

        // A read that brings nothing is not the end: somebody may have cancelled it, and content may follow.
        PipeReader reader = ReaderOf(request);
        while (true)
        {
            ReadResult result = await ReadAsync(request, reader).ConfigureAwait(false);
            bool empty = result.Buffer.IsEmpty;
            reader.AdvanceTo(result.Buffer.Start);
            if (!empty || result.IsCompleted)
            {
                return empty ? SignatureStatus.Verified : SignatureStatus.MissingDigest;
            }
        }
    }

    private static SignatureStatus CompareNothing(in ExpectedDigest expected)
    {
        using ContentHasher hasher = ContentHasher.Rent(expected.Algorithms);
        return hasher.Verify(expected);
    }

    private static async ValueTask<SignatureStatus> CompareAsync(HttpRequest request, ExpectedDigest expected, long maxBytes, Action readBefore)
    {
        using ContentHasher hasher = ContentHasher.Rent(expected.Algorithms);
        long? hashed = request.Body.CanSeek
            ? await HashStreamAsync(request, hasher, maxBytes).ConfigureAwait(false)
            : await HashPipeAsync(request, hasher, maxBytes).ConfigureAwait(false);
        if (hashed is null)
        {
            return SignatureStatus.BodyTooLarge;
        }

        SignatureStatus status = hasher.Verify(expected);
        if (status == SignatureStatus.DigestMismatch && hashed < request.ContentLength)
        {
            // A server gives as much as was announced, or fails: somebody has read the rest.
            readBefore();
        }

        return status;
    }

    // The number of bytes; null if they are more than the limit.
    private static async ValueTask<long?> HashPipeAsync(HttpRequest request, ContentHasher hasher, long maxBytes)
    {
        PipeReader reader = ReaderOf(request);
        long seen = 0;
        while (true)
        {
            ReadResult result = await ReadAsync(request, reader).ConfigureAwait(false);
            ReadOnlySequence<byte> content = result.Buffer;
            if (content.Length > maxBytes)
            {
                reader.AdvanceTo(content.Start);
                return null;
            }

            foreach (ReadOnlyMemory<byte> segment in content.Slice(seen))
            {
                hasher.Append(segment.Span);
            }

            seen = content.Length;
            if (result.IsCompleted)
            {
                reader.AdvanceTo(content.Start);
                return seen;
            }

            // Nothing is consumed, so all of it stays for the endpoint; all of it is examined, so the server fetches more.
            reader.AdvanceTo(content.Start, content.End);
        }
    }

    // What is read ahead is in the reader and no longer in a stream that it wraps. So the stream is the reader's from now on,
    // however the check ends: an endpoint that is open to anybody reads the content of a refused request too.
    private static PipeReader ReaderOf(HttpRequest request)
    {
        PipeReader reader = request.BodyReader;
        if (reader.GetType() == StreamReader)
        {
            request.Body = reader.AsStream();
        }

        return reader;
    }

    private static ValueTask<ReadResult> ReadAsync(HttpRequest request, PipeReader reader) =>
        RequestTimeLimit.WaitAsync(request.HttpContext, reader, reader.ReadAsync(CancellationToken.None));

    private static async ValueTask<long?> HashStreamAsync(HttpRequest request, ContentHasher? hasher, long maxBytes)
    {
        Stream content = request.Body;
        long position = content.Position;
        content.Position = 0;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            long seen = 0;
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(0, CopyBytes), request.HttpContext.RequestAborted).ConfigureAwait(false)) > 0)
            {
                seen += read;
                if (seen > maxBytes)
                {
                    return null;
                }

                hasher?.Append(buffer.AsSpan(0, read));
            }

            return seen;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            content.Position = position;
        }
    }
}
