namespace Signing;

/// <summary>RFC 9421 §2.1 and §2.2.8. Names the parameters of a component identifier, as a set.</summary>
[Flags]
internal enum ComponentFlags
{
    None = 0,

    /// <summary><c>sf</c>, §2.1.1.</summary>
    StrictlySerialized = 1,

    /// <summary><c>key</c>, §2.1.2.</summary>
    Key = 2,

    /// <summary><c>bs</c>, §2.1.3.</summary>
    BinaryWrapped = 4,

    /// <summary><c>tr</c>, §2.1.4.</summary>
    Trailer = 8,

    /// <summary><c>name</c>, §2.2.8.</summary>
    Name = 16,

    /// <summary><c>req</c>, §2.4.</summary>
    Request = 32,
}
