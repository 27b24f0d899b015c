using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Gives the access token of one client: logs in once, refreshes it ahead of its end, and shares all of it among all callers.</summary>
/// <remarks>Clients added with <c>AddAccessToken</c> have theirs as a keyed singleton under the client's name; it lives longer than their handlers.</remarks>
public sealed class AccessTokenSource : IAsyncDisposable, IDisposable
{
    private readonly Compiled<AccessTokenOptions, TokenPlan> _plan;
    private readonly Func<Uri?> _baseAddress;
    private readonly TokenSlots _slots;
    private readonly string _client = "";
    private readonly Action<string>? _cover;
    private readonly BackchannelHandler? _ownBackchannel;
    private TokenSlot? _slot;

    /// <summary>Creates a source with fixed options, of which all addresses and origins are absolute.</summary>
    /// <param name="options">The options; later changes to them have no effect.</param>
    /// <param name="backchannel">What connects to the token endpoints, which the source then owns; by default a <see cref="SocketsHttpHandler"/>, or in a browser its <c>fetch</c>.</param>
    /// <param name="store">Where tokens are kept beyond this process; by default nowhere.</param>
    /// <param name="timeProvider">The clock; by default that of the system.</param>
    /// <param name="logger">Where it logs; by default nowhere.</param>
    /// <exception cref="OptionsValidationException">The options are invalid; the message says which, and never shows a secret.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="backchannel"/> follows redirects and has already sent a request.</exception>
    public AccessTokenSource(AccessTokenOptions options, HttpMessageHandler? backchannel = null, AccessTokenStore? store = null, TimeProvider? timeProvider = null, ILogger<AccessTokenSource>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        AccessTokenValidation.ThrowIfInvalid(options);
        var ownBackchannel = new BackchannelHandler(backchannel ?? OwnConnection.Create());
        _ownBackchannel = ownBackchannel;
        _baseAddress = static () => null;
        _slots = new TokenSlots(TokenEnvironment.Create(
            () => new HttpClient(ownBackchannel, disposeHandler: false),
            store,
            timeProvider ?? TimeProvider.System,
            logger ?? NullLogger<AccessTokenSource>.Instance));
        _plan = Compile(() => options);
        _ = Plan;
    }

    internal AccessTokenSource(string client, Func<AccessTokenOptions> options, Func<Uri?> baseAddress, TokenSlots slots, Action<string> cover)
    {
        _client = client;
        _cover = cover;
        _baseAddress = baseAddress;
        _slots = slots;
        _plan = Compile(options);
    }

    /// <summary>What follows from the options as they are now.</summary>
    internal TokenPlan Plan => _plan.Get();

    internal ILogger Log => _slots.Environment.Log;

    /// <summary>Gets a token that can be sent now; from memory, unless there is none yet or it has ended.</summary>
    /// <param name="cancellationToken">Stops waiting; the acquisition itself goes on, for others and for later.</param>
    /// <returns>The token.</returns>
    /// <exception cref="AccessTokenException">None could be had; the exception says whether later calls may succeed.</exception>
    /// <exception cref="ObjectDisposedException">The source is disposed of.</exception>
    public ValueTask<AccessToken> GetAsync(CancellationToken cancellationToken = default) => GetAsync(refused: null, cancellationToken);

    /// <summary>Gets a token that is newer than one an API has refused; however many callers were refused with it, it is replaced once.</summary>
    /// <param name="refused">The token that was refused, as it came from this source; <see langword="null"/> if none was.</param>
    /// <param name="cancellationToken">Stops waiting; the acquisition itself goes on, for others and for later.</param>
    /// <returns>The token.</returns>
    /// <exception cref="AccessTokenException">None could be had, or a token that was just issued has been refused as well.</exception>
    /// <exception cref="ObjectDisposedException">The source is disposed of.</exception>
    public ValueTask<AccessToken> GetAsync(AccessToken? refused, CancellationToken cancellationToken = default) =>
        GetAsync(Plan.Slot, refused, acceptDue: true, cancellationToken);

    /// <summary>Forgets the token, here and in the store, and revokes it at the server with all that its login granted.</summary>
    /// <param name="cancellationToken">Stops it; the token is forgotten all the same.</param>
    /// <returns>A task that ends when the server has confirmed.</returns>
    /// <exception cref="AccessTokenException">The server could not be told.</exception>
    /// <exception cref="ObjectDisposedException">The source is disposed of.</exception>
    /// <remarks>The next request logs in again. Clients with the same endpoints, Key, Secret, sharing key and scopes share the token, and so its end.</remarks>
    public Task RevokeAsync(CancellationToken cancellationToken = default) => Plan.Slot.RevokeAsync(cancellationToken);

    /// <summary>Ends a running acquisition without waiting for it.</summary>
    public void Dispose()
    {
        if (Leave() is { } slot)
        {
            slot.Dispose();
        }

        _ownBackchannel?.Dispose();
    }

    /// <summary>Ends a running acquisition and waits for its end.</summary>
    /// <returns>A task that ends when nothing of the source runs any more.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Leave() is { } slot)
        {
            await slot.DisposeAsync().ConfigureAwait(false);
        }

        _ownBackchannel?.Dispose();
    }

    /// <summary>Gets a token of one slot.</summary>
    internal static ValueTask<AccessToken> GetAsync(TokenSlot slot, AccessToken? refused, bool acceptDue, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<AccessToken>(cancellationToken);
        }

        return slot.TryGet(refused, acceptDue, out AccessToken? token)
            ? new ValueTask<AccessToken>(token!)
            : new ValueTask<AccessToken>(new TokenQueue(slot, refused, acceptDue).WaitAsync(cancellationToken));
    }

    /// <summary>Gets a token of one slot, for the synchronous <c>Send</c>.</summary>
    internal static AccessToken Get(TokenSlot slot, AccessToken? refused, bool acceptDue, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return slot.TryGet(refused, acceptDue, out AccessToken? token) ? token! : new TokenQueue(slot, refused, acceptDue).Wait(cancellationToken);
    }

    // One thread at a time.
    private TokenPlan Exchange(AccessTokenOptions options)
    {
        Uri? baseAddress = _baseAddress();
        TokenIdentity identity = TokenAddresses.IdentityOf(options, baseAddress);
        TokenSlot? before = _slot;
        _slot = _slots.Acquire(identity, _client);
        if (before is not null)
        {
            _slots.Release(before, _client);
        }

        TokenHeader header = TokenAddresses.HeaderOf(options, baseAddress, Log);
        _cover?.Invoke(header.Name);
        return new TokenPlan(_slot, header);
    }

    // The slot, if nobody else uses it.
    private TokenSlot? Leave() => _plan.Close() is { } plan && _slots.Release(plan.Slot, _client) ? plan.Slot : null;

    private Compiled<AccessTokenOptions, TokenPlan> Compile(Func<AccessTokenOptions> read) =>
        new(read, Exchange, (plan, invalid) => Log.TokenReloadRefused(plan.Slot.Identity.Key, invalid));
}
