namespace Signing.AspNetCore;

/// <summary>Says what a text in the format of <see cref="CredentialFormat"/> is.</summary>
public enum CredentialTextKind
{
    /// <summary>Nothing that is known.</summary>
    None = 0,

    /// <summary>A Key: public, 128 random bits; written <c>key</c>.</summary>
    Key,

    /// <summary>A Secret, 256 random bits and a checksum; written <c>secret</c>.</summary>
    Secret,

    /// <summary>An ApiToken, 256 random bits and a checksum; written <c>token</c>.</summary>
    ApiToken,

    /// <summary>A sharing key, 256 random bits and a checksum, for every environment; written <c>sharing_key</c>.</summary>
    SharingKey,
}
