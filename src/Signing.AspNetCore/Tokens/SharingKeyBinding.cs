namespace Signing.AspNetCore;

// To whom a sharing key belongs that was granted to nobody in particular: who used it first.
internal sealed class SharingKeyBinding
{
    public required string SharingKeyId { get; init; }

    public required string Grantee { get; init; }
}
