using Microsoft.Extensions.Options;

namespace Signing.Client;

/// <summary>Holds what follows from the options as they are now, made anew when they change; a change that is invalid, or cannot be read, leaves it as it was.</summary>
/// <param name="read">Reads the options; the same object until they change.</param>
/// <param name="compile">Makes the value; one thread at a time.</param>
/// <param name="refused">Is told once of each invalid change.</param>
internal sealed class Compiled<TOptions, T>(Func<TOptions> read, Func<TOptions, T> compile, Action<T, Exception> refused)
    where TOptions : class
    where T : class
{
    private readonly object _gate = new();
    private volatile Tuple<TOptions, T>? _known;
    private object? _refused;
    private bool _closed;

    /// <summary>Gets the value.</summary>
    /// <exception cref="OptionsValidationException">The options are invalid and have been from the start.</exception>
    /// <exception cref="ObjectDisposedException"><see cref="Close"/> was called.</exception>
    public T Get()
    {
        Tuple<TOptions, T>? known = _known;
        TOptions now;
        try
        {
            now = read();
        }
        catch (Exception invalid) when (known is not null)
        {
            Refuse(invalid, known, invalid);
            return known.Item2;
        }

        return known is not null && ReferenceEquals(known.Item1, now) ? known.Item2 : Exchange(now);
    }

    /// <summary>Ends it.</summary>
    /// <returns>The last value, the first time; otherwise <see langword="null"/>.</returns>
    public T? Close()
    {
        lock (_gate)
        {
            T? last = _known?.Item2;
            _closed = true;
            _known = null;
            return last;
        }
    }

    private T Exchange(TOptions now)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            Tuple<TOptions, T>? known = _known;
            if (known is not null && (ReferenceEquals(known.Item1, now) || ReferenceEquals(_refused, now)))
            {
                return known.Item2;
            }

            try
            {
                _known = Tuple.Create(now, compile(now));
                return _known.Item2;
            }
            catch (Exception invalid) when (known is not null)
            {
                Refuse(now, known, invalid);
                return known.Item2;
            }
        }
    }

    private void Refuse(object reason, Tuple<TOptions, T> known, Exception invalid)
    {
        if (!ReferenceEquals(Interlocked.Exchange(ref _refused, reason), reason))
        {
            refused(known.Item2, invalid);
        }
    }
}
