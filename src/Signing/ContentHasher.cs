namespace Signing;

/// <summary>RFC 9530 §2. Hashes a content piece by piece, each byte once per algorithm, and compares or writes its digest.</summary>
/// <remarks>
/// Rent it, append the whole content, verify or write, and dispose of it, which returns what is inside to a pool. It is for
/// one caller at a time. Copies share one state: after one is disposed of, all of them throw.
/// </remarks>
public readonly struct ContentHasher : IDisposable
{
    private static readonly ProcessorSlots<ContentHashState> Idle = new();

    private readonly ContentHashState? _state;
    private readonly int _lease;
    private readonly int _place;

    private ContentHasher(ContentHashState state, int lease, int place)
    {
        _state = state;
        _lease = lease;
        _place = place;
    }

    /// <summary>Gets a hasher that has seen no content.</summary>
    /// <param name="algorithms">One algorithm or both; pass <see cref="ExpectedDigest.Algorithms"/> to verify.</param>
    /// <returns>The hasher.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="algorithms"/> is none, or has an unknown value.</exception>
    public static ContentHasher Rent(DigestAlgorithms algorithms)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((int)algorithms, (int)DigestAlgorithms.Sha256, nameof(algorithms));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)algorithms, (int)(DigestAlgorithms.Sha256 | DigestAlgorithms.Sha512), nameof(algorithms));
        ContentHashState state = Idle.Rent(out int place) ?? new ContentHashState();
        return new ContentHasher(state, state.Begin(algorithms), place);
    }

    /// <summary>Adds the next piece of the content.</summary>
    /// <param name="content">Any number of bytes.</param>
    /// <exception cref="InvalidOperationException">The digest was already verified or written.</exception>
    /// <exception cref="ObjectDisposedException">The hasher was disposed of.</exception>
    public void Append(ReadOnlySpan<byte> content) => Leased().Append(content);

    /// <summary>Compares the digests of what was appended with those that were announced, in constant time.</summary>
    /// <param name="expected">What <see cref="ContentDigest.TryRead"/> found.</param>
    /// <returns><see cref="SignatureStatus.Verified"/> if every supported digest matches; otherwise <see cref="SignatureStatus.DigestMismatch"/>.</returns>
    /// <exception cref="ArgumentException">The hasher was rented without one of the algorithms of <paramref name="expected"/>.</exception>
    /// <exception cref="ObjectDisposedException">The hasher was disposed of.</exception>
    public SignatureStatus Verify(in ExpectedDigest expected)
    {
        ContentHashState state = Leased();
        if ((expected.Algorithms & ~state.Algorithms) != DigestAlgorithms.None)
        {
            throw new ArgumentException("The hasher was rented without one of the expected algorithms.", nameof(expected));
        }

        return state.Matches(in expected) ? SignatureStatus.Verified : SignatureStatus.DigestMismatch;
    }

    /// <summary>Writes the field value of what was appended: <c>sha-256=:…:</c>, <c>sha-512=:…:</c>, or both.</summary>
    /// <param name="destination">Takes the value; <see cref="ContentDigest.MaxFieldLength"/> characters are always enough.</param>
    /// <param name="written">The characters written; 0 on failure.</param>
    /// <returns><see langword="true"/>; <see langword="false"/>, nothing written, if <paramref name="destination"/> is too short.</returns>
    /// <exception cref="ObjectDisposedException">The hasher was disposed of.</exception>
    public bool TryWrite(Span<char> destination, out int written)
    {
        ContentHashState state = Leased();
        written = 0;
        if (destination.Length < ContentDigest.FieldLength(state.Algorithms))
        {
            return false;
        }

        written = state.Write(destination);
        return true;
    }

    /// <summary>Returns what is inside to the pool, whether or not the content was complete; safe to repeat.</summary>
    public void Dispose()
    {
        if (_state is null || !_state.TryEnd(_lease))
        {
            return;
        }

        if (!_state.IsClean || !Idle.TryReturn(_state, _place))
        {
            _state.Dispose();
        }
    }

    private ContentHashState Leased()
    {
        ObjectDisposedException.ThrowIf(_state is null || _state.Lease != _lease, typeof(ContentHasher));
        return _state;
    }
}
