namespace Signing.Client;

/// <summary>RFC 9530 §2. Puts on the request the <c>Content-Digest</c> of exactly the bytes that will be sent, or confirms the caller's own.</summary>
/// <remarks>
/// 1. A body that gives the same bytes each time is hashed where it is: bytes, text, forms, memory.
/// 2. So is a seekable stream, which is read once to be hashed and once to be sent.
/// 3. Any other body is copied up to the limit, and the copy takes its place in the request.
/// </remarks>
internal static class BodyDigest
{
    private static readonly string[] DigestOnly = ["content-digest"];

    public static async ValueTask WriteAsync(HttpRequestMessage request, SigningProfile profile, CancellationToken cancellationToken)
    {
        SettleLength(request.Content);
        if (!IsWanted(request, profile))
        {
            return;
        }

        DigestAlgorithms algorithms = Expected(request, profile, out ExpectedDigest? expected);
        using ContentHasher hasher = ContentHasher.Rent(algorithms);
        if (request.Content is { } content)
        {
            long keepAtMost = KeepAtMost(content, profile.Options.MaxBufferedBytes);
            using HashingStream sink = SinkFor(content, hasher, keepAtMost);
            await content.CopyToAsync(sink, cancellationToken).ConfigureAwait(false);
            Finish(request, content, sink, keepAtMost);
        }

        Write(request, profile, hasher, expected);
    }

    public static void Write(HttpRequestMessage request, SigningProfile profile, CancellationToken cancellationToken)
    {
        SettleLength(request.Content);
        if (!IsWanted(request, profile))
        {
            return;
        }

        DigestAlgorithms algorithms = Expected(request, profile, out ExpectedDigest? expected);
        using ContentHasher hasher = ContentHasher.Rent(algorithms);
        if (request.Content is { } content)
        {
            long keepAtMost = KeepAtMost(content, profile.Options.MaxBufferedBytes);
            using HashingStream sink = SinkFor(content, hasher, keepAtMost);
            content.CopyTo(sink, context: null, cancellationToken);
            Finish(request, content, sink, keepAtMost);
        }

        Write(request, profile, hasher, expected);
    }

    /// <summary>Says whether a body that the options leave unread may be read for a server that asks for its digest: not if it is longer than what is kept, or may be.</summary>
    public static bool MayBeAskedFor(HttpContent? content, long limit)
    {
        SettleLength(content);
        if (content is null || CanBeReadTwice(content))
        {
            return true;
        }

        return content.Headers.ContentLength is { } length ? length <= limit : ReplayableBody.Is(content);
    }

    public static MessageSigningException TooLong(long limit) => new(
        SignatureStatus.BodyTooLarge,
        $"The body is longer than the {limit} bytes that are kept in memory, as one has to be that is multipart, JSON, or a stream that cannot be read twice. Send bytes or a seekable stream alone, or raise {nameof(MessageSigningOptions)}.{nameof(MessageSigningOptions.MaxBufferedBytes)}.");

    // The length joins the headers of a content when it is first asked for, and twice when two ask at once, as the copies of a
    // request do that share its content. Here, before anybody else, they ask one after the other.
    private static void SettleLength(HttpContent? content)
    {
        if (content is not null)
        {
            lock (content)
            {
                _ = content.Headers.ContentLength;
            }
        }
    }

    private static bool IsWanted(HttpRequestMessage request, SigningProfile profile) =>
        profile.AlwaysCoversDigest
        || (profile.CoversDigest && (request.Content is not null || request.Headers.NonValidated.Contains(FieldNames.ContentDigest)));

    // A digest that is there already is confirmed in its own algorithms: what the caller wrote is neither rewritten nor signed
    // without a look.
    private static DigestAlgorithms Expected(HttpRequestMessage request, SigningProfile profile, out ExpectedDigest? expected)
    {
        expected = null;
        var view = new HttpRequestMessageView(RequestParts.Read(request, DigestOnly));
        view.GetFieldLine(DigestOnly[0], 0, out int lines);
        if (lines == 0)
        {
            return profile.Options.Digest;
        }

        if (!ContentDigest.TryRead(in view, out ExpectedDigest found, out SignatureStatus refusal))
        {
            throw new MessageSigningException(refusal, "The request has a Content-Digest that is malformed or has no sha-256 or sha-512 member. Remove it: the client writes its own.", DigestOnly[0]);
        }

        expected = found;
        return found.Algorithms;
    }

    private static long KeepAtMost(HttpContent content, long limit)
    {
        if (CanBeReadTwice(content))
        {
            return HashingStream.KeepNothing;
        }

        return content.Headers.ContentLength > limit ? throw TooLong(limit) : limit;
    }

    private static HashingStream SinkFor(HttpContent content, ContentHasher hasher, long keepAtMost) =>
        IsInMemory(content) ? HashingStream.Rent(hasher) : new HashingStream(hasher, keepAtMost, TooLong);

    private static bool CanBeReadTwice(HttpContent content) =>
        IsInMemory(content) || (content.GetType() == typeof(StreamContent) && content.ReadAsStream().CanSeek);

    // Exactly these types, which write all they have in one go: a derived one may write something else each time, or later.
    private static bool IsInMemory(HttpContent content)
    {
        Type type = content.GetType();
        return type == typeof(ByteArrayContent)
            || type == typeof(StringContent)
            || type == typeof(FormUrlEncodedContent)
            || type == typeof(ReadOnlyMemoryContent)
            || type == typeof(BufferedContent);
    }

    private static void Finish(HttpRequestMessage request, HttpContent content, HashingStream sink, long keepAtMost)
    {
        sink.ThrowIfRefused();
        if (content.Headers.ContentLength is { } length && length != sink.Count)
        {
            throw new MessageSigningException(SignatureStatus.DigestMismatch, $"The body has {sink.Count} bytes, but Content-Length says {length}.", FieldNames.ContentLength);
        }

        if (keepAtMost != HashingStream.KeepNothing)
        {
            request.Content = new BufferedContent(content, sink.Kept);
        }
    }

    private static void Write(HttpRequestMessage request, SigningProfile profile, ContentHasher hasher, ExpectedDigest? expected)
    {
        if (expected is { } announced)
        {
            if (hasher.Verify(in announced) == SignatureStatus.Verified)
            {
                return;
            }

            if (!OwnSignature.IsPresent(request, profile))
            {
                throw new MessageSigningException(SignatureStatus.DigestMismatch, "The request has a Content-Digest that is not the digest of its body. Remove it: the client writes its own.", DigestOnly[0]);
            }

            // Ours, of a body that has been exchanged since.
            request.Headers.Remove(FieldNames.ContentDigest);
            request.Content?.Headers.Remove(FieldNames.ContentDigest);
        }

        Span<char> value = stackalloc char[ContentDigest.MaxFieldLength];
        if (!hasher.TryWrite(value, out int written))
        {
            throw new InvalidOperationException("The digests of the body do not fit their buffer.");
        }

        request.Headers.TryAddWithoutValidation(FieldNames.ContentDigest, new string(value[..written]));
    }
}
