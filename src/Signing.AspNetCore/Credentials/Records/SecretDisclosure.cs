namespace Signing.AspNetCore;

/// <summary>How often a Secret may be shown to people; fixed when the Secret is made.</summary>
public enum SecretDisclosure
{
    /// <summary>Nothing is stored, which never shows.</summary>
    None = 0,

    /// <summary>Once, in the answer that makes it.</summary>
    Once,

    /// <summary>Whenever somebody who may do so reveals it; each time is audited before it is answered.</summary>
    Retrievable,
}
