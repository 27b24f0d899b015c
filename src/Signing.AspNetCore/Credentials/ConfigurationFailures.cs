namespace Signing.AspNetCore;

// What is wrong with configuration that was read: each failure names a path and never quotes what was found there, because
// a Secret may have been written into the wrong place.
internal sealed class ConfigurationFailures
{
    // Enough to mend them, and not a message for each of a thousand entries.
    public const int MaxCount = 20;

    private readonly List<string> _failures = [];

    public bool Any => _failures.Count > 0;

    public IReadOnlyList<string> All => _failures;

    public void Add(string path, string what)
    {
        if (_failures.Count < MaxCount)
        {
            _failures.Add($"{path} {what}");
        }
    }
}
