using Signing.AspNetCore;

namespace Signing.Tests.Tokens;

/// <summary>A source with one sharing key, which the test changes while the server runs.</summary>
internal sealed class SharingKeyBook : ISharingKeySource
{
    public SharingKey? Current { get; set; }

    public Exception? Failure { get; set; }

    /// <summary>Answers from memory; otherwise each look-up goes through <see cref="FindByIdAsync"/>.</summary>
    public bool Cached { get; set; } = true;

    public ValueTask<SharingKey?> FindAsync(TokenHash hash, CancellationToken cancellationToken) => throw new NotSupportedException("A grant names its sharing key by the id.");

    public bool TryGetCached(string id, out SharingKey? key)
    {
        key = Cached ? Find(id) : null;
        return Cached;
    }

    public ValueTask<SharingKey?> FindByIdAsync(string id, CancellationToken cancellationToken) => new(Find(id));

    private SharingKey? Find(string id)
    {
        if (Failure is not null)
        {
            throw Failure;
        }

        return id == Current?.Id ? Current : null;
    }
}
