namespace Signing.Tests.Tokens.Model;

/// <summary>A token that was issued.</summary>
internal sealed record ModelToken(ModelGrant Grant, bool IsRefresh, int Sequence, int KeyVersion, DateTimeOffset Ends, string Text);
