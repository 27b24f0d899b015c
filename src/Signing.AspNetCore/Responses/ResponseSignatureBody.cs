using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Signing.AspNetCore;

/// <summary>Stands in for the content of a response until it is known whether it is signed, and keeps it if so.</summary>
/// <remarks>
/// <code>
/// undecided ─► open        not to be signed, or it streams, or is too long: what was kept goes out, the rest follows as it comes
///     ▲     └► kept ─► complete    its fields go out signed, then the content
///     └─ abandoned ◄─┘    it failed; whoever handles that may come through here once more
/// </code>
/// What is written decides, because only then is it known who the caller is and what answers.
/// </remarks>
internal sealed class ResponseSignatureBody(HttpContext context, IHttpResponseBodyFeature inner, ResponseSigning signing) : WriteOnlyStream, IHttpResponseBodyFeature
{
    private ResponseSignatureState _state;
    private bool _streams;
    private KeptContent _kept;
    private PipeWriter? _writer;

    /// <summary>Gets or sets the request; <see langword="null"/> unless it was verified and accepted.</summary>
    public SignedRequest? Request { get; set; }

    /// <summary>Gets whether what was written here has failed.</summary>
    public bool IsAbandoned => _state == ResponseSignatureState.Abandoned;

    // A stream of our own writer, because what is written before it is known who the caller is must be kept too.
    public PipeWriter Writer => _writer ??= PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true));

    Stream IHttpResponseBodyFeature.Stream => this;

    // RFC 9110 §6.4.1: these statuses have none; whoever writes one nevertheless hears so from the server.
    private bool MayHaveContent => context.Response.StatusCode
        is >= StatusCodes.Status200OK and not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified);

    // A call of gRPC ends with a trailer, or with a field if the response has not started: kept, it would end with the wrong one.
    private bool Streams => _streams || context.Response.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Gets whether the content may be taken back, as handlers of errors do.</summary>
    public override bool CanSeek => _state == ResponseSignatureState.Kept;

    public override long Length => _state == ResponseSignatureState.Kept ? _kept.Length : throw new NotSupportedException();

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    public void DisableBuffering()
    {
        // Said too late it has no effect, as with the server's own.
        _streams = true;
        inner.DisableBuffering();
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => DecideToKeep(0) ? Task.CompletedTask : inner.StartAsync(cancellationToken);

    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        if (_writer is not null)
        {
            await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        if (DecideToKeep(count ?? new FileInfo(path).Length - offset))
        {
            await SendFileFallback.SendFileAsync(this, path, offset, count, cancellationToken).ConfigureAwait(false);
            return;
        }

        await OpenAsync(cancellationToken).ConfigureAwait(false);
        await inner.SendFileAsync(path, offset, count, cancellationToken).ConfigureAwait(false);
    }

    public async Task CompleteAsync()
    {
        await FinishAsync().ConfigureAwait(false);
        await inner.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Signs the response if it is kept, and sends it; one without content waits for the server to start it.</summary>
    public async Task FinishAsync()
    {
        if (_state == ResponseSignatureState.Complete)
        {
            return;
        }

        if (_writer is not null)
        {
            await _writer.CompleteAsync().ConfigureAwait(false);
            _writer = null;
        }

        if (!DecideToKeep(0))
        {
            await OpenAsync(CancellationToken.None).ConfigureAwait(false);
            return;
        }

        _state = ResponseSignatureState.Complete;
        if (_kept.Length == 0)
        {
            return;
        }

        if (MayHaveContent)
        {
            context.Response.ContentLength ??= _kept.Length;
        }

        // Not cancelled when the caller goes away: the server ends a write that nobody reads, and nobody has failed.
        await inner.Stream.WriteAsync(_kept.Memory, CancellationToken.None).ConfigureAwait(false);
        _kept.Release();
    }

    /// <summary>Forgets what was kept, because whoever wrote it has failed.</summary>
    public void Abandon()
    {
        Discard();
        _state = ResponseSignatureState.Abandoned;
    }

    /// <summary>Begins again after a failure, with the same verified request.</summary>
    public void Restart() => _state = ResponseSignatureState.Undecided;

    /// <summary>Signs the response, just before its fields go out.</summary>
    public Task SignAsync()
    {
        if (_state == ResponseSignatureState.Complete)
        {
            // Where WebApplication authenticates before this is called, that comes only after it.
            SharedCaches.Complete(context.Response, Request!.Method);

            // RFC 9110 §9.3.2: HEAD has the fields of GET and no content.
            bool hasContent = MayHaveContent && !HttpMethods.IsHead(Request!.Method);
            signing.Sign(context, Request!, hasContent ? _kept.Span : default);
        }

        return Task.CompletedTask;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (DecideToKeep(buffer.Length))
        {
            _kept.Add(buffer);
            return;
        }

        inner.Stream.Write(_kept.Span);
        _kept.Release();
        inner.Stream.Write(buffer);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (DecideToKeep(buffer.Length))
        {
            _kept.Add(buffer.Span);
            return ValueTask.CompletedTask;
        }

        return _kept.Length == 0 ? inner.Stream.WriteAsync(buffer, cancellationToken) : OpenAndWriteAsync(buffer, cancellationToken);
    }

    public override void Flush()
    {
        if (!DecideToKeep(0))
        {
            inner.Stream.Flush();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => DecideToKeep(0) ? Task.CompletedTask : OpenAndFlushAsync(cancellationToken);

    public override void SetLength(long value)
    {
        if (_state != ResponseSignatureState.Kept || value != 0)
        {
            throw new NotSupportedException();
        }

        Discard();
    }

    // Decides, when the first byte is about to be written or the response to start.
    private bool DecideToKeep(long more)
    {
        if (_state == ResponseSignatureState.Undecided)
        {
            bool isWanted = Request is not null && !context.Response.HasStarted && signing.IsWanted(context, Request);
            _state = isWanted ? ResponseSignatureState.Kept : ResponseSignatureState.Open;
        }

        if (_state == ResponseSignatureState.Complete)
        {
            // Somebody outside starts a response that had no content when it was complete, to give it one.
            _state = context.Response.HasStarted ? ResponseSignatureState.Complete : ResponseSignatureState.Open;
            return false;
        }

        if (_state != ResponseSignatureState.Kept)
        {
            return false;
        }

        long length = Math.Max(_kept.Length + more, context.Response.ContentLength ?? 0);
        if (!Streams && length <= signing.Options.MaxBytes)
        {
            return true;
        }

        _state = ResponseSignatureState.Open;
        signing.TellUnsigned(context, isTooLong: !Streams);
        return false;
    }

    private async ValueTask OpenAndWriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        await inner.Stream.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    private async Task OpenAndFlushAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        await inner.Stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (_kept.Length > 0)
        {
            await inner.Stream.WriteAsync(_kept.Memory, cancellationToken).ConfigureAwait(false);
            _kept.Release();
        }
    }

    // What is still in the writer goes too: a failure ends it without handing on what it has.
    private void Discard()
    {
        _writer?.Complete(new OperationCanceledException("The content was taken back."));
        _writer = null;
        _kept.Release();
    }
}
