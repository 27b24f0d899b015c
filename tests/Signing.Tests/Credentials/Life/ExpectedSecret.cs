namespace Signing.Tests.Credentials.Life;

/// <summary>A Secret, or the text of an ApiToken, that somebody was handed, and the first instant at which it is good for nothing.</summary>
internal sealed class ExpectedSecret(string text, DateTimeOffset made)
{
    public string Text => text;

    public DateTimeOffset Made => made;

    public DateTimeOffset? Until { get; set; }
}
