namespace Signing.Tests.Tokens.Model;

/// <summary>A login as the model knows it.</summary>
internal sealed class ModelGrant
{
    public int Sequence { get; set; }

    public DateTimeOffset RotatedAt { get; set; }

    /// <summary>Gets or sets whether an access token of the current sequence was accepted somewhere.</summary>
    public bool IsUsed { get; set; }

    /// <summary>Gets or sets the code of every refusal once it has ended; <see langword="null"/> while it lives.</summary>
    public string? EndedAs { get; set; }
}
