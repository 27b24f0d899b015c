namespace Signing.Client;

internal enum TokenUse
{
    /// <summary>The token must not be sent any more.</summary>
    Unusable = 0,

    /// <summary>The token is sent, and the next one fetched meanwhile.</summary>
    Due,

    /// <summary>The token is sent.</summary>
    Fresh,
}
