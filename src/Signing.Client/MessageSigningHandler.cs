using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Signs each request with a Key and a Secret (RFC 9421, <c>hmac-sha256</c>), as the last step before it is sent.</summary>
/// <remarks>
/// <code>
/// request ─► 1 https? ─► 2 Content-Digest ─► 3 Signature-Input, Signature ─► inner handler ─► 6 signature of the answer ─► response
///                ▲                                                                 │             (if required)
///                └──────── 5 wait, adjust, again: three sendings at most ◄── 4 401 or 503 that teaches something
/// </code>
/// Give it the innermost place: whatever a handler between it and the connection changes is no longer what was signed.
/// Redirects are not followed, so the caller sees 3xx answers: its handler for the connection has <c>AllowAutoRedirect</c>
/// turned off if it is a <see cref="SocketsHttpHandler"/> or <see cref="HttpClientHandler"/>; turn it off on any other kind.
/// </remarks>
public sealed class MessageSigningHandler : DelegatingHandler
{
    /// <summary>How often one request is sent at most.</summary>
    public const int MaxSendings = 3;

    private readonly ClientState _state;
    private readonly SigningProfile? _ownProfile;
    private readonly RedirectStop _redirects = new();
    private bool _isDisposed;

    /// <summary>Creates a handler that signs with fixed options.</summary>
    /// <param name="options">The options; later changes to them have no effect.</param>
    /// <param name="innerHandler">What sends the request; by default a <see cref="SocketsHttpHandler"/> of its own, or in a browser its <c>fetch</c>.</param>
    /// <param name="timeProvider">The clock; by default that of the system.</param>
    /// <param name="logger">Where it logs; by default nowhere.</param>
    /// <exception cref="OptionsValidationException">The options are invalid; the message says which, and never shows the secret.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="innerHandler"/> follows redirects and has already sent a request.</exception>
    public MessageSigningHandler(MessageSigningOptions options, HttpMessageHandler? innerHandler = null, TimeProvider? timeProvider = null, ILogger<MessageSigningHandler>? logger = null)
        : this(Fixed(options, timeProvider ?? TimeProvider.System, logger), innerHandler ?? OwnConnection.Create())
    {
        _ownProfile = _state.GetProfile();
    }

    internal MessageSigningHandler(ClientState state, HttpMessageHandler innerHandler)
        : base(innerHandler)
    {
        _state = state;
        Transport.DoNotFollowRedirects(innerHandler);
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return IsSkipped(request) ? base.SendAsync(request, cancellationToken) : SendSignedAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    [UnsupportedOSPlatform("browser")]
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return IsSkipped(request) ? base.Send(request, cancellationToken) : SendSigned(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _isDisposed = true;
            _ownProfile?.Key.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> SendSignedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        SigningProfile current = _state.GetProfile();
        for (int sending = 1; ; sending++)
        {
            SigningProfile profile = Prepare(request, current, out LearntOrigin learnt);
            Attempt attempt;
            using (ClientTelemetry.StartSigning())
            {
                await BodyDigest.WriteAsync(request, profile, cancellationToken).ConfigureAwait(false);
                attempt = Sign(request, profile, learnt, sending);
            }

            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (sending == MaxSendings || !Learn(response, request, in attempt, out TimeSpan wait))
            {
                await LookAsync(request, response, attempt, profile, cancellationToken).ConfigureAwait(false);
                return response;
            }

            response.Dispose();
            await Task.Delay(wait, _state.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    [UnsupportedOSPlatform("browser")]
    private HttpResponseMessage SendSigned(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        SigningProfile current = _state.GetProfile();
        for (int sending = 1; ; sending++)
        {
            SigningProfile profile = Prepare(request, current, out LearntOrigin learnt);
            Attempt attempt;
            using (ClientTelemetry.StartSigning())
            {
                BodyDigest.Write(request, profile, cancellationToken);
                attempt = Sign(request, profile, learnt, sending);
            }

            HttpResponseMessage response = base.Send(request, cancellationToken);
            if (sending == MaxSendings || !Learn(response, request, in attempt, out TimeSpan wait))
            {
                Look(request, response, in attempt, profile, cancellationToken);
                return response;
            }

            response.Dispose();
            Pause.Wait(wait, _state.Time, cancellationToken);
        }
    }

    // Content of a connection that is read on this thread listens to no token, and one that is disposed of under its reader is
    // drained by another: the next answer on that connection would be lost. So it is read as in SendAsync, while this thread waits.
    private void Look(HttpRequestMessage request, HttpResponseMessage response, in Attempt attempt, SigningProfile profile, CancellationToken cancellationToken)
    {
        // What somebody else's stream leaves for the thread of a page would never run.
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            LookAsync(request, response, attempt, profile, cancellationToken).GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private async Task LookAsync(HttpRequestMessage request, HttpResponseMessage response, Attempt attempt, SigningProfile profile, CancellationToken cancellationToken)
    {
        if (Mismatch.MayBeTold(response, request, _state.Log))
        {
            await Mismatch.ReportAsync(response, request, attempt, _state, cancellationToken).ConfigureAwait(false);
        }

        if (profile.Responses is { } verifier)
        {
            await verifier.VerifyAsync(request, response, attempt, _state.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsSkipped(HttpRequestMessage request) =>
        request.Options.TryGetValue(SigningOverrides.Skip, out bool skip) && skip;

    private static ClientState Fixed(MessageSigningOptions options, TimeProvider time, ILogger? logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        MessageSigningOptions own = options.Copy();
        OptionsValidation.ThrowIfInvalid(own);
        return new ClientState(() => own, time, logger ?? NullLogger.Instance);
    }

    // The profile is that of the first sending: a token is on the request by now, and has to be of the Key that signs.
    private SigningProfile Prepare(HttpRequestMessage request, SigningProfile profile, out LearntOrigin learnt)
    {
        Uri uri = Transport.AddressOf(request, profile.Options.AllowPlainHttp);
        _redirects.Before(InnerHandler);
        if (profile.Responses is { } verifier)
        {
            Transport.RequireRawContent(InnerHandler);
            verifier.Ask(request, profile.Signer.Policy.Label);
        }

        learnt = profile.Options.LearnFromServer ? _state.Origins.Get(uri) : LearntOrigin.Nothing;
        SigningProfile own = profile.For(request);
        SigningProfile adjusted = learnt.Adjust(own, isUsual: ReferenceEquals(own, profile));
        return adjusted.CoversDigest && !own.CoversDigest && !BodyDigest.MayBeAskedFor(request.Content, own.Options.MaxBufferedBytes) ? own : adjusted;
    }

    private Attempt Sign(HttpRequestMessage request, SigningProfile profile, LearntOrigin learnt, int sending)
    {
        SigningKey key = request.Options.TryGetValue(SigningOverrides.Key, out SigningKey? other) && other is not null ? other : profile.Key;
        DateTimeOffset created = _state.Time.GetUtcNow() + learnt.ClockOffset;
        if (!RequestSigner.TrySign(request, profile, key, created, out string label, out int fingerprint, out _))
        {
            // What a server asked for does not keep a request from being sent: it may do without.
            profile = profile.Unadjusted;
            if (!RequestSigner.TrySign(request, profile, key, created, out label, out fingerprint, out SignatureStatus refusal))
            {
                throw RequestSigner.Refused(request, profile, key, refusal);
            }
        }

        // Its label is known only now, and the wish, which names it, may be covered.
        if (profile.Responses?.Ask(request, label) == true && !RequestSigner.TrySign(request, profile, key, created, out label, out fingerprint, out SignatureStatus grown))
        {
            throw RequestSigner.Refused(request, profile, key, grown);
        }

        ClientTelemetry.CountSignature();
        if (_state.Log.IsEnabled(LogLevel.Debug))
        {
            _state.Log.Signed(request.Method.Method, request.RequestUri!.IdnHost, key.KeyId, sending, MaxSendings);
        }

        return new Attempt(profile, learnt, fingerprint, key, label);
    }

    private bool Learn(HttpResponseMessage response, HttpRequestMessage request, in Attempt attempt, out TimeSpan wait)
    {
        Lesson lesson = attempt.Profile.Options.LearnFromServer ? Lesson.From(response, request, in attempt, _state.Time.GetUtcNow()) : default;
        wait = lesson.Wait;
        if (lesson.Kind == LessonKind.None)
        {
            return false;
        }

        // Where answers have to be proved, who wrote this one may have had the request executed. What it teaches is for the next,
        // as it is where the body was sent from where it cannot be had again.
        bool isSentAgain = lesson.Kind != LessonKind.Forgotten
            && (attempt.Profile.Responses is null || IdempotentMethods.Contain(request.Method))
            && ReplayableBody.Is(request.Content);
        if (lesson.IsKept)
        {
            _state.Origins.Add(request.RequestUri!, lesson);
        }

        lesson.Tell(_state.Log, request.RequestUri!.IdnHost, isSentAgain);
        if (isSentAgain)
        {
            ClientTelemetry.CountResend(lesson.Kind);
        }

        return isSentAgain;
    }
}
