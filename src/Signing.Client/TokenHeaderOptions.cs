namespace Signing.Client;

/// <summary>Says in which header a token travels, and to whom.</summary>
public sealed class TokenHeaderOptions
{
    /// <summary>The name of the header; <c>Authorization</c> by default, or for example <c>auth</c>.</summary>
    public string Name { get; set; } = FieldNames.Authorization;

    /// <summary>The word before the token; by default <c>Bearer</c> in <c>Authorization</c> and none in any other header.</summary>
    public string? Scheme { get; set; }

    /// <summary>The origins that get the token, such as <c>https://api.example.com</c>; by default that of the client's base address alone, or without one that of the endpoints.</summary>
    public IList<string> Origins { get; set; } = [];
}
