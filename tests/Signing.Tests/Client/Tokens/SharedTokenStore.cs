using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>Is a store that several clients of one test share, as several processes share a database; it fails when told to.</summary>
internal sealed class SharedTokenStore : AccessTokenStore
{
    private readonly object _gate = new();

    public string? Text { get; set; }

    public string? Name { get; private set; }

    public int Writes { get; private set; }

    /// <summary>Gets or sets what runs before each step; it may throw or never end.</summary>
    public Func<Task> Before { get; set; } = static () => Task.CompletedTask;

    /// <summary>Gets or sets what runs after each writing.</summary>
    public Action After { get; set; } = static () => { };

    public override async ValueTask<string?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        await Before();
        Name = name;
        return Text;
    }

    public override async ValueTask<bool> TryReplaceAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken)
    {
        await Before();
        lock (_gate)
        {
            Writes++;
            if (Text != expected)
            {
                return false;
            }

            Text = replacement;
        }

        After();
        return true;
    }
}
