using Microsoft.AspNetCore.Http;

namespace Signing.AspNetCore;

/// <summary>Holds one door for each scheme that reads tokens, built anew when the scheme's options are reloaded.</summary>
internal sealed class TokenDoors : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IServiceProvider _services;
    private readonly TokenScheme[] _schemes;
    private readonly TokenDoor?[] _doors;
    private readonly IDisposable?[] _watches;

    public TokenDoors(IServiceProvider services, IEnumerable<TokenScheme> schemes)
    {
        _services = services;
        _schemes = [.. schemes];
        _doors = new TokenDoor?[_schemes.Length];
        _watches = [.. _schemes.Select((scheme, index) => scheme.Watch(services, () => Close(index)))];
    }

    public int Count => _schemes.Length;

    public TokenDoor Get(int index) => Volatile.Read(ref _doors[index]) ?? Open(index);

    public TokenDoor Get(string scheme)
    {
        int index = 0;
        while (_schemes[index].Name != scheme)
        {
            index++;
        }

        return Get(index);
    }

    /// <summary>Finds the token of a request, whichever scheme reads it; what two schemes read at one place is one token.</summary>
    public TokenPresence Find(HttpContext context)
    {
        TokenPresence found = default;
        for (int i = 0; i < _schemes.Length; i++)
        {
            TokenPresence token = Get(i).Find(context);
            if (token.Door is null)
            {
                continue;
            }

            if (found.Door is null)
            {
                found = token;
            }
            else if (!ReferenceEquals(found.Line, token.Line))
            {
                return token with { IsAmbiguous = true };
            }

            if (found.IsAmbiguous)
            {
                return found;
            }
        }

        return found;
    }

    public void Dispose()
    {
        foreach (IDisposable? watch in _watches)
        {
            watch?.Dispose();
        }
    }

    // Under a lock, so that a door that was built from the former options does not outlast them.
    private TokenDoor Open(int index)
    {
        lock (_gate)
        {
            return _doors[index] ??= _schemes[index].Open(_services);
        }
    }

    private void Close(int index)
    {
        lock (_gate)
        {
            _doors[index] = null;
        }
    }
}
