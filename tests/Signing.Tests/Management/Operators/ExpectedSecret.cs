namespace Signing.Tests.Management.Operators;

/// <summary>One Secret, or the text of an ApiToken, as it must be shown.</summary>
internal sealed class ExpectedSecret(int version, string text, bool isRetrievable, DateTimeOffset created)
{
    public int Version => version;

    public string Text => text;

    public bool IsRetrievable => isRetrievable;

    public DateTimeOffset Created => created;

    public DateTimeOffset? RetiresAt { get; set; }

    public bool IsDestroyed { get; set; }
}
