namespace Signing.Client;

/// <summary>Holds the one token of one identity: all callers share it, and its running acquisition (the flight), and its failure.</summary>
/// <remarks>
/// <code>
///  fresh ──80 %──► due ──90 %──► unusable
///    │              │ the flight runs in    │ callers wait for the flight
///    ▼              ▼ the background        ▼
///  the token      the token               the next token, or the failure, which lasts for its back-off
/// </code>
/// A token that the API refuses is replaced as an unusable one, but only for whoever was refused with it.
/// </remarks>
internal sealed class TokenSlot : IDisposable, IAsyncDisposable
{
    private readonly TokenEnvironment _environment;
    private readonly object _gate = new();
    private readonly CancellationTokenSource _disposal = new();
    private readonly TokenAcquisition _acquisition;
    private readonly TokenRevocation _revocation;
    private volatile AccessToken? _current;
    private volatile TokenFailure? _failure;
    private volatile TokenFlight? _flight;
    private volatile string[] _clients = [];
    private long _generation;
    private int _revocations;
    private bool _disposed;

    public TokenSlot(TokenIdentity identity, TokenEnvironment environment)
    {
        Identity = identity;
        _environment = environment;
        _acquisition = new TokenAcquisition(identity, environment);
        _revocation = new TokenRevocation(identity, environment, _acquisition);
    }

    public TokenIdentity Identity { get; }

    public TokenMoment Now => _environment.Now;

    /// <summary>Gets or sets the names of those who share it, to be named when it fails.</summary>
    public string[] Clients
    {
        get => _clients;
        set => _clients = value;
    }

    /// <summary>Gets the token without waiting: no lock and no memory while it is fresh.</summary>
    /// <param name="refused">The token that an API has refused, if one has.</param>
    /// <param name="acceptDue">Whether a token is good enough that is about to be replaced.</param>
    /// <param name="token">The token.</param>
    public bool TryGet(AccessToken? refused, bool acceptDue, out AccessToken? token)
    {
        token = _current;
        if (token is null || IsRefused(token, refused))
        {
            return false;
        }

        TokenMoment now = Now;
        TokenUse use = token.At(now);
        if (use != TokenUse.Due || _failure?.IsActive(now) == true)
        {
            return use != TokenUse.Unusable;
        }

        if (acceptDue && _flight is null)
        {
            StartInBackground();
        }

        return acceptDue;
    }

    /// <summary>Gets the token, or what to wait for.</summary>
    /// <param name="refused">The token that an API has refused, if one has.</param>
    /// <param name="acceptDue">Whether a token is good enough that is about to be replaced.</param>
    /// <param name="token">The token.</param>
    /// <returns>A flight to wait for; <see langword="null"/> if there is a token.</returns>
    /// <exception cref="AccessTokenException">The last flight has failed, and its back-off lasts.</exception>
    public TokenFlight? Join(AccessToken? refused, bool acceptDue, out AccessToken? token)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (TryGet(refused, acceptDue, out token))
            {
                return null;
            }

            if (_flight is { } running)
            {
                return running;
            }

            TokenMoment now = Now;
            if (_failure is { } failure && failure.IsActive(now))
            {
                throw failure.ToException(now);
            }

            bool isRefused = token is not null && IsRefused(token, refused);
            ThrowIfRefusedAgain(isRefused ? token : null, now);
            return Start(isRefused);
        }
    }

    /// <summary>Forgets the token here and in the store, and tells the server.</summary>
    /// <exception cref="AccessTokenException">The server could not be told; the token is forgotten all the same.</exception>
    public Task RevokeAsync(CancellationToken cancellationToken)
    {
        AccessToken? token;
        TaskCompletionSource emptied;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            token = _current;
            _current = null;
            _failure = null;
            _revocations++;
            emptied = _revocation.Begin();
        }

        return _revocation.RevokeAsync(token, emptied, cancellationToken);
    }

    /// <summary>Ends a running flight; its callers get an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _disposal.Cancel();
    }

    /// <summary>Ends a running flight and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (_flight is { } flight)
        {
            await flight.End.ConfigureAwait(false);
        }
    }

    private bool IsRefused(AccessToken token, AccessToken? refused) =>
        refused is not null && ReferenceEquals(refused.Slot, this) && token.Generation <= refused.Generation;

    private void StartInBackground()
    {
        lock (_gate)
        {
            // Another thread may have been here since the caller looked.
            TokenMoment now = Now;
            if (_flight is null && !_disposed && _failure?.IsActive(now) != true && _current?.At(now) == TokenUse.Due)
            {
                _ = Start(refused: false);
            }
        }
    }

    // A new token that is refused as soon as it is issued says that tokens are not what is wrong.
    private static void ThrowIfRefusedAgain(AccessToken? token, TokenMoment now)
    {
        if (token is not { RefusedBefore: > 0 })
        {
            return;
        }

        TimeSpan wait = Backoff.After(token.RefusedBefore, draw: 0.5) - token.AgeAt(now);
        if (wait > TimeSpan.Zero)
        {
            throw new AccessTokenException("The API refuses a token that was just issued.", isTransient: true, wait, error: null, innerException: null);
        }
    }

    private TokenFlight Start(bool refused)
    {
        var flight = new TokenFlight(_acquisition, _revocation.Emptied, _current, refused, _revocations);
        _flight = flight;

        // On a thread of its own and without the execution context of the caller who happened to come first.
        ThreadPool.UnsafeQueueUserWorkItem(static work => work.Slot.Run(work.Flight), (Slot: this, Flight: flight), preferLocal: false);
        return flight;
    }

    // Nobody awaits it: it ends by completing the flight, whatever happens.
    private void Run(TokenFlight flight) => _ = RunAsync(flight);

    private async Task RunAsync(TokenFlight flight)
    {
        using var limit = new CancellationTokenSource(TokenFlight.LongestTime, _environment.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _disposal.Token);
        FlightEnd? landed = null;
        try
        {
            FlightEnd end = await flight.AcquireAsync(either.Token).ConfigureAwait(false);
            landed = Land(flight, end);
            if (landed is null && end.Token is { } orphan && !_disposal.IsCancellationRequested)
            {
                await _revocation.ForgetAsync(orphan, end.Texts, either.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            flight.Complete(landed);
        }
    }

    /// <returns>How it ended; <see langword="null"/> if the token was revoked meanwhile, or all was disposed of.</returns>
    private FlightEnd? Land(TokenFlight flight, FlightEnd end)
    {
        TokenMoment now = Now;
        lock (_gate)
        {
            _flight = null;
            _acquisition.Note(end.Texts);
            if (_disposed || flight.Revocations != _revocations)
            {
                return null;
            }

            if (end.Reply is { } reply)
            {
                _failure = TokenFailure.Of(TokenRemedy.WhenPermanent(reply, Clients), (_failure?.Count ?? 0) + 1, now, _environment.Draw());
                end = end with { Failure = _failure };
            }
            else
            {
                bool isFromStore = end.Origin == TokenOrigin.Store;
                end.Token!.Publish(this, ++_generation, flight.RefusedBefore(now, isFromStore), isFromStore);
                _failure = null;
                _current = end.Token;
            }
        }

        TokenReport.Write(_environment, Identity, end);
        return end;
    }
}
